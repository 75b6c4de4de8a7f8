// `#/`: the search form and what it finds.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { firstSpan } from './first-span.js';
import { plural } from './format.js';
import { go, link } from './route.js';
import './search-form.js';
import { defaults, toQuery } from './search-query.js';
import { orders, traceList } from './trace-list.js';
import { buildTrace } from './tree.js';
import { errorMessage, hidden, lookbacks } from './widgets.js';

class SearchView extends Widget {
  request = new Latest();

  build() {
    this.form = document.createElement('search-form');
    this.form.addEventListener('search', ({ detail }) => this.go({ ...detail, order: this.params.order }));
    this.status = el('h2', { class: 'status', 'aria-live': 'polite' });
    this.order = el('select', { 'data-testid': 'order-select', onchange: () => this.go({ ...this.params, order: this.order.value }, true) },
      Object.entries(orders).map(([value, [label]]) => el('option', { value }, label)));
    this.orderLabel = el('span');
    this.refresh = el('button', { type: 'button', 'data-testid': 'refresh-button', onclick: () => this.search() }, 'Refresh');
    this.results = el('div', { class: 'results' });
    this.append(
      el('h1', { class: 'visually-hidden', tabindex: '-1' }, 'Traces'),
      this.form,
      el('div', { class: 'toolbar' }, this.status,
        el('label', { class: 'order' }, this.orderLabel, this.order), this.refresh),
      this.results);
  }

  go(params, replace = false) {
    go(link('/', params), { replace });
  }

  show({ params }, { returning }) {
    document.title = params.serviceName ? `${params.serviceName} – Wingbeat` : 'Wingbeat';
    const { order = 'newest', ...search } = params;
    const key = JSON.stringify(search);
    const orderOnly = this.key === key && this.params.order !== params.order;
    this.params = params;
    this.order.value = orders[order] ? order : 'newest';
    if (this.traces && this.key === key && (returning || orderOnly)) {
      if (orderOnly) this.draw();
      return;
    }
    this.key = key;
    this.form.fill(params);
    this.search();
  }

  async search() {
    const signal = this.request.next();
    this.results.setAttribute('aria-busy', 'true');
    if (!this.traces) this.status.textContent = 'Searching…';
    try {
      const [services, found] = await Promise.all([api.services(signal), api.traces(toQuery(this.params), signal)]);
      this.form.offerServices(services);
      this.services = services;
      this.traces = found.filter((spans) => spans.length > 0).map(buildTrace);
      this.draw();
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.fail(error);
    }
    this.results.removeAttribute('aria-busy');
  }

  fail(error) {
    this.traces = null;
    this.status.textContent = 'The search failed';
    this.describeOrder(0);
    this.results.replaceChildren(errorMessage(error));
  }

  draw() {
    const count = this.traces.length;
    const full = count >= Number(this.params.limit || defaults.limit);
    this.status.replaceChildren(plural(count, 'trace'), full ? el('small', {}, ' limit reached, older ones may exist') : '');
    this.describeOrder(count);
    this.results.replaceChildren(count > 0 ? traceList(this.traces, this.order.value) : this.nothing());
  }

  /** The collector gives the newest; any other order is only among those that are here. */
  describeOrder(count) {
    this.order.disabled = count < 2;
    this.orderLabel.replaceChildren(count > 1 ? `Of these ${count},` : 'Order', hidden(' order:'));
  }

  nothing() {
    const lookback = this.params.lookback || defaults.lookback;
    const [, period] = lookbacks.find(([value]) => value === lookback) ?? [lookback, lookback];
    if (this.services.length === 0) {
      return el('section', { class: 'empty', 'data-testid': 'empty-state' },
        wings(), el('h3', {}, 'No spans have arrived yet'),
        el('p', {}, 'The collector is running and waits for the first.'), firstSpan());
    }
    return el('section', { class: 'empty', 'data-testid': 'empty-state' },
      el('h3', {}, 'Nothing found'),
      el('p', {}, `No trace of the last ${period.replace(/^1 /, '')} matches. Look further back, or ask for less.`),
      el('details', {}, el('summary', {}, 'How to send a span'), firstSpan()));
  }
}

const wings = () => {
  const mark = document.querySelector('.masthead .mark').cloneNode(true);
  mark.classList.add('mark-large');
  return mark;
};

customElements.define('search-view', SearchView);
