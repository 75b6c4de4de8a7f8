// `#/`: the query and what it finds.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { mistakeIn } from './exclusions.js';
import { plural } from './format.js';
import './query-box.js';
import { bareTraceId, comparing, excluding, queryOfZipkin, withTerms } from './query-terms.js';
import { go, searchLink, traceLink } from './route.js';
import './scatter-plot.js';
import './search-form.js';
import { endLine, nothingFound, progressText } from './search-words.js';
import { onKey } from './shortcuts.js';
import { fixedRange, timeRange } from './time-range.js';
import './time-select.js';
import './trace-list.js';
import { errorMessage, fillSelect } from './widgets.js';

const sorts = [['newest', 'newest first'], ['longest', 'longest first'], ['spans', 'most spans first'], ['errors', 'most errors first']];
const limits = ['20', '50', '100', '200', '500', '1000'];

class SearchView extends Widget {
  request = new Latest();
  params = {};

  build() {
    this.box = el('query-box', { onquery: () => this.submit(), onedit: () => this.form.read(this.box.value) });
    this.form = el('search-form', { id: 'search-form', hidden: true, onwrite: ({ detail }) => this.rewrite(detail) });
    this.formButton = el('button', { type: 'button', class: 'form-button', 'aria-expanded': 'false', 'aria-controls': 'search-form', 'data-testid': 'form-button', onclick: () => this.toggleForm() }, 'Form');
    this.time = el('time-select', { onchoose: ({ detail }) => this.go({ endTs: '', ...detail }) });
    this.excluded = el('exclusion-chips', { onchange: () => this.search() });
    this.status = el('h2', { class: 'status', 'aria-live': 'polite', 'data-testid': 'search-status' });
    this.sort = el('select', { 'data-testid': 'order-select', 'aria-label': 'Order', onchange: () => this.go({ sort: this.sort.value }) });
    this.limit = el('select', { 'data-testid': 'limit-select', 'aria-label': 'At most', onchange: () => this.go({ limit: this.limit.value }) });
    this.plot = el('scatter-plot', { hidden: true, onopen: ({ detail }) => go(traceLink(detail)), onnarrow: ({ detail }) => this.narrow(detail) });
    this.list = el('trace-list', { onexclude: ({ detail }) => this.excluded.add(likeness(detail)), onchoose: ({ detail }) => this.offerComparison(detail) });
    this.end = el('div', { class: 'search-end' });
    this.comparison = el('div', { class: 'comparison', role: 'status', hidden: true });
    this.append(
      el('h1', { class: 'visually-hidden', tabindex: '-1' }, 'Traces'),
      el('div', { class: 'search', role: 'search' }, this.box, this.time, this.formButton,
        el('button', { type: 'button', class: 'primary', 'data-testid': 'search-button', onclick: () => this.submit() }, 'Search')),
      this.form, this.excluded,
      el('div', { class: 'toolbar' }, this.status, this.sort, el('label', { class: 'order' }, 'at most', this.limit),
        el('button', { type: 'button', 'data-testid': 'refresh-button', onclick: () => this.search() }, 'Refresh')),
      this.plot, this.list, this.end, this.comparison);
    document.addEventListener('keydown', (event) => this.isConnected && onKey(event, { j: () => this.list.focusFirst() }));
  }

  /** Changes what the hash says; what is empty goes. */
  go(change) {
    const { q, sort, endTs, lookback, limit } = { ...this.params, q: this.box.value.trim(), ...change };
    go(searchLink({ q, sort, endTs, lookback, limit }));
  }

  submit() {
    const id = bareTraceId(this.box.value);
    if (id) go(traceLink(id));
    else this.go({});
  }

  rewrite(query) {
    this.box.value = query;
    this.form.read(query);
  }

  toggleForm() {
    this.form.hidden = !this.form.hidden;
    this.formButton.setAttribute('aria-expanded', String(!this.form.hidden));
    if (!this.form.hidden) this.form.read(this.box.value);
  }

  narrow({ start, end, min, max }) {
    const added = min === undefined ? [] : [`trace.duration>=${min}us`, `trace.duration<=${max}us`];
    this.go({ q: withTerms(this.box.value, added), ...fixedRange(start, end) });
  }

  show({ params }, { returning }) {
    const q = params.q ?? queryOfZipkin(params);
    document.title = q ? `${q} – Wingbeat` : 'Wingbeat';
    const key = JSON.stringify(params);
    const known = this.found && this.key === key && returning;
    this.key = key;
    this.params = { ...params, q, sort: params.sort ?? params.order };
    if (known) return;
    this.rewrite(q);
    this.excluded.refresh();
    fillSelect(this.sort, sorts, this.params.sort || 'newest');
    fillSelect(this.limit, limits, params.limit || '20');
    this.search();
  }

  async search() {
    const signal = this.request.next();
    this.begin();
    try {
      this.range = timeRange(this.params);
      this.time.show(this.range);
      const { text, moved } = excluding(this.params.q, this.excluded.active);
      this.moved = moved;
      const names = api.services(signal).then((services) => this.form.offerServices(services), () => {});
      for await (const batch of api.search({ q: text, endTs: this.range.fixed ? this.range.end : '', lookback: this.range.lookback, sort: this.sort.value, limit: this.limit.value }, signal)) this.take(batch);
      await names;
      if (!this.ended) throw new api.ApiError('The answer broke off. Is the collector still running?');
    } catch (error) {
      if (error.name !== 'AbortError') this.fail(error);
    }
  }

  begin() {
    this.found = 0;
    this.ended = false;
    this.fresh = true;
    this.list.setAttribute('aria-busy', 'true');
    this.end.replaceChildren();
    this.offerComparison([]);
    this.box.complain(null);
    if (!this.list.traces.size) this.status.textContent = 'Searching…';
  }

  /** What was found before stays until there is something new. */
  take(batch) {
    const traces = batch.map(({ trace }) => trace).filter(Boolean);
    const progress = batch.findLast((line) => line.progress)?.progress;
    const end = batch.find((line) => line.end)?.end;
    if (this.fresh && (traces.length > 0 || end)) {
      this.fresh = false;
      this.list.clear();
      this.list.removeAttribute('aria-busy');
    }
    this.found += traces.length;
    this.list.add(traces);
    if (end) this.finish(end);
    else this.status.textContent = progressText(this.found, progress);
  }

  finish(end) {
    this.ended = true;
    const shown = [...this.list.traces.values()];
    this.status.replaceChildren(plural(this.found, 'trace'), this.found < end.matched ? el('small', {}, ` of ${end.matched.toLocaleString('en')}`) : '');
    this.plot.draw(end.scatter ?? shown.map((trace) => [trace.timestamp, trace.duration, trace.errorCount, trace.traceId]), this.range);
    this.end.replaceChildren(this.found > 0 ? '' : nothingFound(this.range, this.excluded), endLine(end, this.found, this.range, this.sort.value), this.more(end));
  }

  more(end) {
    const limit = Number(limits.find((limit) => Number(limit) > this.found) ?? 0);
    if (this.found >= end.matched || !limit || this.found < Number(this.limit.value)) return '';
    return el('button', { type: 'button', 'data-testid': 'more-button', onclick: () => this.go({ limit: String(limit) }) }, `Show ${limit}`);
  }

  fail(error) {
    this.list.clear();
    this.list.removeAttribute('aria-busy');
    this.plot.hidden = true;
    this.status.textContent = 'The search failed';
    const mistake = mistakeIn(this.params.q, error, this.moved);
    if (mistake.position === undefined) this.end.replaceChildren(errorMessage(mistake));
    else this.box.complain(mistake);
  }

  offerComparison(ids) {
    this.comparison.hidden = ids.length === 0;
    this.comparison.replaceChildren(...(ids.length === 2
      ? ['Two traces chosen. ', el('a', { href: `#/compare/${ids[0]}/${ids[1]}`, 'data-testid': 'compare-link' }, 'Compare them')]
      : ['One trace chosen: choose another to compare it with.']));
  }
}

/** A pattern for the traces that begin as this one does. */
function likeness({ service, name }) {
  const both = [service && comparing('root.service', ':', service), name && comparing('root.name', ':', name)].filter(Boolean);
  return both.length === 2 ? `(${both.join(' ')})` : both[0];
}

customElements.define('search-view', SearchView);
