// What stands above a trace: what it is, what is odd about it, where to take it.

import { url } from '../api.js';
import { el } from '../dom.js';
import { dateTime, microseconds, plural } from '../format.js';
import { go, link, traceLink } from '../route.js';
import { paint, serviceLabel } from '../service.js';
import { copyButton, errorMark, startTime } from '../widgets.js';
import { time } from './row.js';

const mostServices = 14;
const mostFailures = 4;
const fact = (name, ...value) => el('div', { class: 'fact' }, el('dt', {}, name), el('dd', {}, ...value.flat()));
const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;

export function heading(trace) {
  return el('h1', { tabindex: '-1' },
    el('span', { class: 'trace-service data' }, serviceLabel(trace.serviceOf(0))), ' ',
    el('span', { class: 'data' }, trace.nameOf(0) || '(no name)'),
    trace.errors > 0 && errorMark(plural(trace.errors, 'error')));
}

export function facts(trace) {
  return el('dl', { class: 'facts' },
    fact('Duration', el('span', { title: microseconds(trace.total / 1000) }, time(trace.total))),
    fact('Spans', trace.count.toLocaleString('en')),
    fact('Depth', String(trace.depth)),
    fact('Started', trace.startUs === undefined ? '–' : [dateTime(trace.startUs), el('span', { class: 'muted' }, ' ', startTime(trace.startUs))]),
    fact('Trace id', el('code', { class: 'data' }, trace.traceId), ' ', copyButton(trace.traceId, 'the trace id')));
}

/** Buttons that find the spans of a service in this trace. */
export function serviceFinder(trace, find) {
  const counts = [...trace.spansByService()].sort(([, one], [, other]) => other - one);
  const chip = ([service, count]) => paint(el('button', {
    type: 'button', class: 'chip', title: `Find the spans of ${serviceLabel(service)}`, 'data-testid': 'service-chip',
    onclick: () => find(`service:${quoted(service)}`),
  }, el('span', { class: 'chip-name data' }, serviceLabel(service)), el('span', { class: 'chip-count' }, count.toLocaleString('en'))), service);
  const rest = counts.slice(mostServices);
  const names = rest.map(([name]) => serviceLabel(name)).join(', ');
  return el('div', { class: 'chips' }, counts.slice(0, mostServices).map(chip), rest.length > 0 && el('span', { class: 'chip chip-rest', title: names }, `${rest.length} more`));
}

/** Where failures began: spans that failed though nothing below them did, alike ones counted. Chosen, one is shown. */
export function failures(trace, choose) {
  const origins = new Map();
  for (const index of trace.failures()) {
    if (trace.errorsBelow[index] > 0) continue;
    const key = `${trace.service[index]} ${trace.name[index]}`;
    if (!origins.has(key)) origins.set(key, { index, count: 0 });
    origins.get(key).count += 1;
  }
  const found = [...origins.values()].sort((one, other) => trace.level[other.index] - trace.level[one.index]);
  const button = ({ index, count }) => el('button', { type: 'button', class: 'failure', 'data-testid': 'failure', onclick: () => choose(index) },
    el('span', { class: 'error-sign', 'aria-hidden': 'true' }, '!'), count > 1 && `${count.toLocaleString('en')} × `,
    el('span', { class: 'data' }, trace.nameOf(index) || '(no name)'), el('span', { class: 'span-service data' }, serviceLabel(trace.serviceOf(index))));
  return found.length > 0 && el('div', { class: 'failures' }, el('span', { class: 'muted' }, 'Failures began in'), found.slice(0, mostFailures).map(button),
    found.length > mostFailures && el('span', { class: 'muted' }, `and ${plural(found.length - mostFailures, 'more operation')}`));
}

/** A button that opens a small panel below it; the browser's own element, so that keys and readers know it. */
const menu = (name, test, ...content) => {
  const details = el('details', { class: 'menu', 'data-testid': test, onkeydown: (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    details.firstElementChild.focus();
    event.stopPropagation();
  } }, el('summary', {}, name), el('div', { class: 'menu-panel' }, ...content));
  return details;
};

export function downloads({ traceId }) {
  const id = encodeURIComponent(traceId);
  const file = (path, format, name) => el('a', { href: url(path), download: `trace-${traceId}.${format}.json`, 'data-testid': `download-${format}` }, name);
  return menu('Download', 'downloads',
    file(`v2/trace/${id}`, 'zipkin', 'Zipkin JSON'), file(`v3/traces/${id}`, 'otlp', 'OTLP JSON'), file(`traces/${id}`, 'jaeger', 'Jaeger JSON'));
}

export function comparisons({ traceId }) {
  const field = el('input', {
    'aria-label': 'Id of another trace', placeholder: 'id of another trace', autocomplete: 'off', spellcheck: 'false',
    'data-testid': 'compare-id', pattern: '\\s*[0-9a-fA-F]{1,32}\\s*', required: true,
  });
  const submit = (event) => {
    event.preventDefault();
    go(link(`/compare/${traceId}/${encodeURIComponent(field.value.trim().toLowerCase())}`));
  };
  return menu('Compare', 'comparisons',
    el('a', { href: link(`/compare/${traceId}/usual`), 'data-testid': 'compare-usual' }, 'with the usual of its operation'),
    el('form', { onsubmit: submit }, field, el('button', { type: 'submit' }, 'Compare')));
}

const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** What is odd: missing parents, spans left out, clocks that disagree. `behind` spans begin before those that called them. */
export function notices(trace, { behind, adjusted, params }) {
  const clocks = (text, to) => el('a', { class: 'button', href: traceLink(trace.traceId, { ...params, clocks: to }), 'data-testid': 'clocks' }, text);
  const moved = (text) => adjusted && /clock/.test(text);
  const found = trace.problems.map((text) => [sentence(text), moved(text) && clocks('Show times as reported')]);
  const [begin, it] = behind === 1 ? ['begins', 'it'] : ['begin', 'them'];
  if (behind > 0) found.push([`Clocks disagree: ${plural(behind, 'span')} ${begin} before the call that caused ${it}.`, clocks('Adjust the clocks', 'adjusted')]);
  else if (adjusted && !trace.problems.some(moved)) found.push(['No clock had to be adjusted.', clocks('Show times as reported')]);
  return found.length > 0 && el('ul', { class: 'problems', 'aria-label': 'What is odd about this trace' },
    found.map(([text, action]) => el('li', { 'data-testid': 'trace-problem' }, text, ' ', action)));
}

/** Servers that seem to begin before their clients, as reported. */
export function behindTheirCallers(trace) {
  let count = 0;
  for (let index = 0; index < trace.count; index += 1) {
    const parent = trace.parent[index];
    if (parent >= 0 && trace.kind[index] === 2 && trace.kind[parent] === 3 && trace.start[index] < trace.start[parent]) count += 1;
  }
  return count;
}
