// `#/dependencies`: who calls whom, as a picture and as a table.

import * as api from './api.js';
import { dependencyGraph } from './dependency-graph.js';
import { el, Latest, Widget } from './dom.js';
import { duration, parseDuration, percent, plural, rate } from './format.js';
import { comparing } from './query-terms.js';
import { go, link, searchLink } from './route.js';
import { paint, serviceLabel } from './service.js';
import { errorMessage, fillSelect, lookbacks } from './widgets.js';

const standard = '24h';

const serviceLink = (name, lookback) =>
  paint(el('a', { class: 'service-link data', href: searchLink({ q: comparing('service', ':', name), lookback }) }, serviceLabel(name)), name);

function dependencyRow({ parent, child, callCount, errorCount = 0, p95 }, { seconds, lookback }) {
  return el('tr', { 'data-testid': 'dependency-row', class: errorCount ? 'failed' : undefined },
    el('td', {}, serviceLink(parent, lookback)),
    el('td', {}, serviceLink(child, lookback)),
    el('td', { class: 'number' }, callCount.toLocaleString('en')),
    el('td', { class: 'number' }, rate(callCount / seconds)),
    el('td', { class: 'number errors' }, errorCount.toLocaleString('en')),
    el('td', { class: 'number errors' }, percent(errorCount, callCount)),
    el('td', { class: 'number' }, duration(p95)));
}

function dependencyTable(links, context) {
  const head = (name, number) => el('th', { scope: 'col', class: number ? 'number' : undefined }, name);
  return el('div', { class: 'table-scroll' }, el('table', { class: 'list dependencies' },
    el('caption', { class: 'visually-hidden' }, 'Calls from service to service'),
    el('thead', {}, el('tr', {}, head('Parent'), head('Child'), head('Calls', true), head('Rate', true), head('Errors', true), head('Error rate', true), head('p95', true))),
    el('tbody', {}, links.map((link) => dependencyRow(link, context)))));
}

class DependenciesView extends Widget {
  request = new Latest();

  build() {
    this.lookback = el('select', { 'data-testid': 'lookback-select', onchange: () => go(link('/dependencies', { lookback: this.lookback.value })) });
    this.status = el('p', { class: 'status', 'aria-live': 'polite' });
    this.results = el('div', { class: 'results' });
    this.append(
      el('div', { class: 'toolbar' },
        el('h1', { tabindex: '-1' }, 'Dependencies'), this.status,
        el('label', { class: 'order' }, 'Within the last', this.lookback),
        el('button', { type: 'button', onclick: () => this.load() }, 'Refresh')),
      this.results);
  }

  show({ params }) {
    document.title = 'Dependencies – Wingbeat';
    fillSelect(this.lookback, lookbacks, params.lookback || standard);
    this.load();
  }

  async load() {
    const signal = this.request.next();
    try {
      const lookback = this.lookback.value;
      const { start, end, links } = await api.links({ lookback: parseDuration(lookback) / 1000 }, signal);
      const context = { lookback, seconds: Math.max(1, (end - start) / 1000) };
      links.sort((one, other) => other.callCount - one.callCount);
      this.status.textContent = plural(links.length, 'link');
      this.results.replaceChildren(...(links.length ? [dependencyGraph(links, context), dependencyTable(links, context)] : [this.nothing()]));
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.status.textContent = '';
      this.results.replaceChildren(errorMessage(error));
    }
  }

  nothing() {
    return el('section', { class: 'empty' },
      el('h2', {}, 'No calls between services'),
      el('p', {}, 'None was traced in this time. Look further back, or see which spans arrive under Traces.'));
  }
}

customElements.define('dependencies-view', DependenciesView);
