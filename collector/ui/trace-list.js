// The found traces as a list of links, each with a bar that compares its duration with the longest shown.

import { el } from './dom.js';
import { duration, plural } from './format.js';
import { traceLink } from './route.js';
import { serviceChips, serviceLabel } from './service.js';
import { errorMark, startTime } from './widgets.js';

const chipsShown = 6;

export const orders = {
  newest: ['newest first', (one, other) => (other.start ?? 0) - (one.start ?? 0)],
  longest: ['longest first', (one, other) => (other.duration ?? 0) - (one.duration ?? 0)],
  spans: ['most spans first', (one, other) => other.nodes.length - one.nodes.length],
};

function durationBar(trace, longest) {
  const bar = el('span', { class: 'duration-bar' });
  bar.style.width = `${longest > 0 ? ((trace.duration ?? 0) / longest) * 100 : 0}%`;
  return el('span', { class: 'trace-duration' },
    el('span', { class: 'number' }, duration(trace.duration)),
    el('span', { class: 'duration-track', 'aria-hidden': 'true' }, bar));
}

function traceRow(trace, longest) {
  const { root } = trace;
  return el('li', {}, el('a', { class: trace.errors ? 'trace-row trace-failed' : 'trace-row', href: traceLink(trace.id), 'data-testid': 'trace-row', 'data-trace-id': trace.id },
    durationBar(trace, longest),
    el('span', { class: 'trace-title' },
      el('span', { class: 'trace-service data' }, serviceLabel(root.service)),
      ' ',
      el('span', { class: 'trace-name data' }, root.span.name || '(no name)'),
      root.orphan && el('span', { class: 'badge' }, 'root missing')),
    serviceChips(trace.services, chipsShown),
    el('span', { class: 'trace-facts' },
      trace.errors > 0 && errorMark(plural(trace.errors, 'error')),
      el('span', {}, plural(trace.nodes.length, 'span')),
      el('span', { class: 'trace-start' }, startTime(trace.start)))));
}

export function traceList(traces, order) {
  const [, compare] = orders[order] ?? orders.newest;
  const longest = traces.reduce((most, trace) => Math.max(most, trace.duration ?? 0), 0);
  return el('ol', { class: 'traces' }, [...traces].sort(compare).map((trace) => traceRow(trace, longest)));
}
