// What the collector holds and what it lost: a line in the masthead, and all of it behind a press.

import * as api from './api.js';
import { el, Widget } from './dom.js';
import { ago, bytes, compact, dateTime, plural } from './format.js';
import { serviceLabel } from './service.js';

const period = 10_000;

const sum = (counts = {}) => Object.values(counts).reduce((total, count) => total + count, 0);

const reasons = {
  invalid: 'could not be understood',
  trace_too_large: 'of traces that grew too large',
  busy: 'came faster than they could be stored',
  unavailable: 'came while the store did not answer',
  cancelled: 'were cut off when the collector ended',
};

const row = (name, value, note) => el('div', { class: 'fact' }, el('dt', {}, name), el('dd', {}, value, note && el('span', { class: 'muted' }, ` ${note}`)));

/** How many spans came and are not there, and why: `[[count, sentence]]`. */
function losses({ spans, store, statistics = {} }) {
  const named = (counts = {}) => Object.entries(counts).map(([reason, count]) => [count, reasons[reason] ?? reason.replaceAll('_', ' ')]);
  return [
    ...named(spans.rejected), ...named(spans.failed),
    [spans.sampledOut, 'left out by sampling'],
    [store.evictedSpans ?? 0, 'deleted because of their age or for want of room'],
    [statistics.lostSpans ?? 0, 'missing in the statistics'],
  ].filter(([count]) => count > 0);
}

function evictedBy(evicted = {}) {
  const services = Object.entries(evicted).sort(([, one], [, other]) => other - one).slice(0, 5);
  return services.length > 0 && row('Deleted most of', services.map(([name, count]) => `${serviceLabel(name)} ${compact(count)}`).join(', '));
}

function tailFacts(tail) {
  if (!tail) return false;
  const facts = Object.entries(tail).filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${compact(value)} ${name.replace(/([A-Z])/g, ' $1').toLowerCase()}`);
  return facts.length > 0 && row('Tail sampling', facts.join(', '));
}

class StatusCorner extends Widget {
  build() {
    this.meter = el('span', { class: 'disk-meter', 'aria-hidden': 'true' }, el('span', { class: 'disk-used' }));
    this.line = el('span', { class: 'status-line' }, '…');
    this.button = el('button', { class: 'quiet status-button', type: 'button', popovertarget: 'status-sheet', 'data-testid': 'status-corner' }, this.meter, this.line);
    this.sheet = el('section', { id: 'status-sheet', class: 'sheet', popover: '', 'aria-label': 'Status of the collector', 'data-testid': 'status-sheet' });
    this.append(this.button, this.sheet);
    document.addEventListener('visibilitychange', () => this.refresh());
    this.sheet.addEventListener('toggle', (event) => event.newState === 'open' && this.refresh());
    setInterval(() => this.refresh(), period);
    this.refresh();
  }

  async refresh() {
    if (document.hidden) return;
    try {
      this.draw(await api.status());
    } catch (error) {
      this.line.replaceChildren(el('span', { class: 'lost' }, 'no answer'));
      this.sheet.replaceChildren(el('h2', {}, 'Status'), el('p', {}, error.message));
    }
  }

  draw(status) {
    const { store } = status;
    const lost = losses(status);
    const share = store.maximumBytes > 0 ? Math.min(1, store.bytes / store.maximumBytes) : 0;
    this.meter.hidden = !(store.maximumBytes > 0);
    this.meter.firstChild.style.width = `${Math.max(share > 0 ? 4 : 0, share * 100)}%`;
    const dropped = sum(status.spans.rejected) + sum(status.spans.failed);
    this.line.replaceChildren(
      el('span', {}, `${compact(store.spans)}\u00a0spans`),
      el('span', { class: 'status-disk' }, this.disk(store)),
      dropped > 0 ? el('span', { class: 'lost' }, `${compact(dropped)}\u00a0dropped`) : '');
    this.sheet.replaceChildren(el('h2', {}, 'Status'), el('dl', { class: 'status-facts' },
      row('Stored', plural(store.spans, 'span')),
      row('Disk', this.disk(store), share > 0 && `(${Number((share * 100).toPrecision(2))}\u00a0%)`),
      row('Oldest span', store.oldest ? dateTime(store.oldest).slice(0, 19) : '–', store.oldest && ago(store.oldest)),
      row('Received since start', plural(status.spans.received, 'span')),
      row('Dropped', lost.length === 0 ? 'nothing' : el('ul', {}, lost.map(([count, why]) => el('li', {}, `${count.toLocaleString('en')} ${why}`)))),
      evictedBy(status.evicted), tailFacts(status.tail)));
  }

  disk({ bytes: used, maximumBytes }) {
    if (maximumBytes > 0) return `${bytes(used)} of ${bytes(maximumBytes)}`;
    return used > 0 ? `${bytes(used)}, no limit` : 'not on disk';
  }
}

customElements.define('status-corner', StatusCorner);
