// `#/compare/<id>/<id>`: two traces by operation. `#/compare/<id>/usual`: one against the newest traces that began
// with the same operation.

import { ApiError, lines } from './api.js';
import { el, Latest, Widget } from './dom.js';
import { dateTime, plural } from './format.js';
import { traceLink } from './route.js';
import { serviceLabel } from './service.js';
import { differences, medians, summarize } from './trace/compare.js';
import { compareTable, verdict } from './trace/compare-table.js';
import { loadTrace } from './trace/load.js';
import { time } from './trace/row.js';
import { errorMessage } from './widgets.js';

const usualTraces = 20;
const usualLookback = 24 * 3600_000;
const atOnce = 4;

const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
const operationOf = (trace) => `${serviceLabel(trace.serviceOf(0))} ${trace.nameOf(0)}`;

/** The newest traces that began with the same operation, without the one that is compared. */
async function alike(trace, signal) {
  const q = `root.service:${quoted(trace.serviceOf(0))} root.name:${quoted(trace.nameOf(0))}`;
  const ids = [];
  for await (const some of lines('search', { q, lookback: usualLookback, limit: usualTraces + 1, sort: 'newest' }, signal)) {
    for (const line of some) if (line.trace && line.trace.traceId !== trace.traceId) ids.push(line.trace.traceId);
  }
  const traces = [];
  for (let place = 0; place < Math.min(ids.length, usualTraces); place += atOnce) {
    traces.push(...await Promise.all(ids.slice(place, Math.min(place + atOnce, usualTraces)).map((id) => loadTrace(id, { signal }))));
  }
  if (traces.length === 0) throw new ApiError(`There is no other trace of ${operationOf(trace)} from the last 24 hours to compare with.`);
  return traces;
}

const card = (letter, title, summary, ...rest) => el('section', { class: 'compared-trace', 'data-testid': `compare-${letter.toLowerCase()}` },
  el('span', { class: 'letter', 'aria-hidden': 'true' }, letter),
  el('div', {}, el('h2', {}, title),
    el('p', {}, el('strong', { class: 'number' }, time(summary.total)), `, ${plural(Math.round(summary.spans), 'span')}, ${plural(Math.round(summary.errors), 'error')}`),
    el('p', { class: 'muted' }, rest)));

const traceCard = (letter, trace, summary) => card(letter, el('a', { class: 'data', href: traceLink(trace.traceId) }, operationOf(trace)), summary,
  trace.startUs === undefined ? 'no start time' : dateTime(trace.startUs), ' · ', el('code', {}, trace.traceId.slice(0, 8)));

class CompareView extends Widget {
  request = new Latest();

  build() {
    this.result = el('div', { class: 'compare-result' });
    this.append(el('h1', { tabindex: '-1' }, 'Comparison'), this.result);
  }

  show({ traceIds: [one, other] }, { returning }) {
    document.title = 'Comparison – Wingbeat';
    const key = `${one}/${other}`.toLowerCase();
    if (this.key === key && returning) return;
    this.key = key;
    this.load(...key.split('/'));
  }

  async load(one, other) {
    const signal = this.request.next();
    this.result.replaceChildren(el('p', { class: 'status loading', role: 'status' }, 'Loading the traces…'));
    try {
      const first = await loadTrace(one, { signal });
      this.draw(first, other === 'usual' ? await alike(first, signal) : [await loadTrace(other, { signal })], other === 'usual');
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.key = undefined;
      this.result.replaceChildren(errorMessage(error), el('p', {}, el('button', { type: 'button', onclick: () => this.load(one, other) }, 'Try again')));
    }
  }

  draw(first, others, isUsual) {
    const left = summarize(first);
    const right = isUsual ? medians(others.map(summarize)) : summarize(others[0]);
    const rows = differences(left, right);
    this.result.replaceChildren(
      el('div', { class: 'compared-traces' }, traceCard('A', first, left),
        isUsual ? card('B', 'The usual', right, `median of the ${plural(others.length, 'newest other trace')} of ${operationOf(first)}`)
          : traceCard('B', others[0], right)),
      el('p', { class: 'verdict', 'data-testid': 'verdict' }, verdict(left, right, rows)),
      compareTable(rows));
  }
}

customElements.define('compare-view', CompareView);
