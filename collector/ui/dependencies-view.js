// `#/dependencies`: who calls whom, as a table.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { parseDuration, plural } from './format.js';
import { go, link } from './route.js';
import { paint, serviceLabel } from './service.js';
import { errorMessage, fillSelect, lookbacks } from './widgets.js';

const standard = '24h';

const serviceLink = (name) => paint(el('a', { class: 'service-link data', href: link('/', { serviceName: name }) }, serviceLabel(name)), name);

function dependencyRow({ parent, child, callCount, errorCount = 0 }) {
  const share = callCount > 0 ? (errorCount / callCount) * 100 : 0;
  return el('tr', { 'data-testid': 'dependency-row', class: errorCount ? 'failed' : undefined },
    el('td', {}, serviceLink(parent)),
    el('td', {}, serviceLink(child)),
    el('td', { class: 'number' }, callCount.toLocaleString('en')),
    el('td', { class: 'number errors' }, errorCount.toLocaleString('en')),
    el('td', { class: 'number errors' }, errorCount ? `${Number(share.toPrecision(2))}\u00a0%` : '–'));
}

function dependencyTable(links) {
  const sorted = [...links].sort((one, other) => other.callCount - one.callCount);
  const head = (name, number) => el('th', { scope: 'col', class: number ? 'number' : undefined }, name);
  return el('div', { class: 'table-scroll' }, el('table', { class: 'dependencies' },
    el('thead', {}, el('tr', {}, head('Parent'), head('Child'), head('Calls', true), head('Errors', true), head('Error rate', true))),
    el('tbody', {}, sorted.map(dependencyRow))));
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
      const lookback = parseDuration(this.lookback.value) / 1000;
      const links = await api.dependencies({ endTs: Date.now(), lookback }, signal);
      this.status.textContent = plural(links.length, 'link');
      this.results.replaceChildren(links.length ? dependencyTable(links) : el('section', { class: 'empty' },
        el('h2', {}, 'No calls between services'),
        el('p', {}, 'None was traced in this time. Look further back, or see which spans arrive under Traces.')));
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.status.textContent = '';
      this.results.replaceChildren(errorMessage(error));
    }
  }
}

customElements.define('dependencies-view', DependenciesView);
