// `#/services`: how often, how well and how fast every operation of every service runs.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { parseDuration, plural } from './format.js';
import { operationTable } from './operation-table.js';
import { go, link } from './route.js';
import { errorMessage, fillSelect, lookbacks } from './widgets.js';

const standard = '1h';

class ServicesView extends Widget {
  request = new Latest();

  build() {
    this.lookback = el('select', { 'data-testid': 'lookback-select', onchange: () => this.go({ lookback: this.lookback.value }) });
    this.filter = el('input', { type: 'search', placeholder: 'service or operation', 'aria-label': 'Show only', 'data-testid': 'filter-input', oninput: () => this.draw(), onchange: () => this.go({ filter: this.filter.value }, true) });
    this.status = el('p', { class: 'status', 'aria-live': 'polite' });
    this.results = el('div', { class: 'results' });
    this.append(
      el('div', { class: 'toolbar' },
        el('h1', { tabindex: '-1' }, 'Services'), this.status, this.filter,
        el('label', { class: 'order' }, 'Within the last', this.lookback),
        el('button', { type: 'button', onclick: () => this.load() }, 'Refresh')),
      this.results);
  }

  go(change, replace = false) {
    go(link('/services', { ...this.params, ...change }), { replace });
  }

  show({ params }) {
    document.title = 'Services – Wingbeat';
    const lookback = params.lookback || standard;
    const sameData = this.answer && this.params?.lookback === params.lookback;
    this.params = params;
    fillSelect(this.lookback, lookbacks, lookback);
    if (document.activeElement !== this.filter) this.filter.value = params.filter ?? '';
    if (sameData) this.draw();
    else this.results.replaceChildren();
    this.load();
  }

  async load() {
    const signal = this.request.next();
    try {
      this.answer = await api.operations({ lookback: parseDuration(this.lookback.value) / 1000 }, signal);
      this.draw();
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.answer = null;
      this.status.textContent = '';
      this.results.replaceChildren(errorMessage(error));
    }
  }

  draw() {
    if (!this.answer) return;
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.answer.operations.filter(({ service, operation }) => `${service} ${operation}`.toLowerCase().includes(wanted));
    const services = new Set(shown.map(({ service }) => service));
    const { leftOut } = this.answer;
    this.status.textContent = `${plural(services.size, 'service')}, ${plural(shown.length, 'operation')}${leftOut > 0 ? `; ${leftOut.toLocaleString('en')} rarer ones left out` : ''}`;
    this.results.replaceChildren(shown.length === 0 ? this.nothing() : operationTable({
      ...this.answer, operations: shown, sort: this.params.sort, lookback: this.lookback.value,
      choose: (sort) => this.go({ sort }, true),
    }));
  }

  nothing() {
    return el('section', { class: 'empty', 'data-testid': 'empty-state' },
      el('h2', {}, 'No operations'),
      el('p', {}, this.filter.value ? 'None of this name ran in this time.' : 'No span came in this time. Look further back, or see under Traces how to send one.'));
  }
}

customElements.define('services-view', ServicesView);
