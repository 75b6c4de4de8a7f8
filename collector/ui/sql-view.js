// `#/sql`: statements over all spans, and their answer as a table and, where it suits, a chart.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { plural } from './format.js';
import { go, link, traceLink } from './route.js';
import { chartOf } from './sql-chart.js';
import { examples, tables } from './sql-examples.js';
import { errorMessage } from './widgets.js';

const shownRows = 1000;

const isTraceId = (column, value) => /trace_id$/.test(column) && /^[0-9a-f]{16,32}$/.test(String(value));

function cell(value, column) {
  if (value === null) return el('td', { class: 'muted' }, 'NULL');
  if (typeof value === 'number') return el('td', { class: 'number' }, String(value));
  return el('td', {}, isTraceId(column, value) ? el('a', { class: 'data', href: traceLink(value) }, value) : el('span', { class: 'data' }, String(value)));
}

function table({ columns, rows }) {
  const numeric = columns.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'));
  return el('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows' }, el('table', { class: 'list sql-rows', 'data-testid': 'sql-rows' },
    el('thead', {}, el('tr', {}, columns.map((column, index) => el('th', { scope: 'col', class: numeric[index] ? 'number data' : 'data' }, column)))),
    el('tbody', {}, rows.slice(0, shownRows).map((row) => el('tr', { 'data-testid': 'sql-row' }, row.map((value, index) => cell(value, columns[index])))))));
}

class SQLView extends Widget {
  request = new Latest();

  build() {
    this.editor = el('textarea', { rows: '5', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', 'aria-label': 'SQL', 'aria-describedby': 'sql-hint', 'data-testid': 'sql-editor', onkeydown: (event) => this.press(event), oninput: () => this.fit() });
    this.runButton = el('button', { type: 'button', class: 'primary', 'data-testid': 'sql-run', onclick: () => this.submit() }, 'Run');
    this.csv = el('button', { type: 'button', hidden: true, 'data-testid': 'sql-csv', onclick: () => this.download() }, 'CSV');
    this.status = el('h2', { class: 'status', 'aria-live': 'polite', 'data-testid': 'sql-status' });
    this.results = el('div', { class: 'results' });
    this.append(
      el('h1', { class: 'visually-hidden', tabindex: '-1' }, 'SQL'),
      el('div', { class: 'sql-examples', role: 'group', 'aria-label': 'Examples' }, examples.map(([name, text]) => el('button', { type: 'button', class: 'example', 'data-testid': 'sql-example', onclick: () => this.take(text) }, name))),
      this.editor,
      el('details', { class: 'sql-tables' }, el('summary', {}, 'Tables and columns'), el('dl', {}, tables.map(([name, columns]) => el('div', {}, el('dt', {}, el('code', {}, name)), el('dd', {}, el('code', {}, columns)))))),
      el('div', { class: 'toolbar' }, this.runButton, el('span', { class: 'muted', id: 'sql-hint' }, 'Ctrl+Enter runs it. It can only read.'), this.status, this.csv),
      this.results);
  }

  show({ params }) {
    document.title = 'SQL – Wingbeat';
    const q = params.q ?? '';
    if (q === this.ran) return;
    this.write(q || examples[0][1]);
    if (q) this.run(q);
  }

  write(text) {
    this.editor.value = text;
    this.fit();
  }

  fit() {
    this.editor.rows = Math.min(20, Math.max(3, this.editor.value.split('\n').length + 1));
  }

  press(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.submit();
  }

  take(text) {
    this.write(text);
    this.submit();
  }

  submit() {
    this.ran = undefined;
    go(link('/sql', { q: this.editor.value.trim() }));
  }

  async run(q) {
    const signal = this.request.next();
    this.ran = q;
    this.status.textContent = 'Running…';
    this.csv.hidden = true;
    const started = performance.now();
    try {
      this.draw(await api.sql(q, signal), performance.now() - started);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.status.textContent = 'It failed';
      this.results.replaceChildren(errorMessage(error));
      this.markPlace(error.message);
    }
  }

  /** SQLite says where a mistake is, in bytes. */
  markPlace(message) {
    const [, at] = /\(at byte (\d+)\)/.exec(message) ?? [];
    if (at === undefined) return;
    const before = new TextDecoder().decode(new TextEncoder().encode(this.ran).slice(0, Number(at))).length;
    const [word] = /^\S*/.exec(this.editor.value.slice(before));
    this.editor.focus();
    this.editor.setSelectionRange(before, before + Math.max(1, word.length));
  }

  draw(answer, milliseconds) {
    const cut = answer.truncated ? ', cut off there: CSV has up to 100,000' : '';
    this.status.replaceChildren(plural(answer.rows.length, 'row'), el('small', {}, ` in ${Math.round(milliseconds)} ms${cut}`));
    this.csv.hidden = answer.rows.length === 0;
    this.results.replaceChildren(...[chartOf(answer), answer.columns.length > 0 && table(answer)].filter(Boolean));
  }

  async download() {
    try {
      const address = URL.createObjectURL(new Blob([await api.sqlAsCSV(this.ran)], { type: 'text/csv' }));
      el('a', { href: address, download: 'spans.csv' }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      this.results.prepend(errorMessage(error));
    }
  }
}

customElements.define('sql-view', SQLView);
