// The sections of a span's details.

import { el } from '../dom.js';
import { duration } from '../format.js';
import { traceLink } from '../route.js';
import { copyButton } from '../widgets.js';

/** Long keys break after their separators and not inside a word. */
const breakable = (text) => text.split(/(?<=[._/:-])/).flatMap((part, index) => (index ? [el('wbr'), part] : [part]));

export const section = (title, ...content) => [el('h3', {}, title), ...content];

function attributeRow({ key, text, type }, test, note) {
  return el('tr', { 'data-testid': test, 'data-key': key, class: key === 'error' ? 'tag-error' : undefined },
    el('th', { scope: 'row', class: 'data' }, breakable(key), ' ', type && el('span', { class: 'type' }, type)),
    el('td', { class: type ? `data value-${type}` : 'data' }, note, text));
}

export function attributeTable(attributes, test, empty) {
  if (attributes.length === 0) return empty && el('p', { class: 'muted' }, empty);
  return el('table', { class: 'tags' }, el('tbody', {}, attributes.map((attribute) => attributeRow(attribute, test))));
}

export const offsetText = (ns) => (Number.isNaN(ns) ? '–' : ns < 0 ? `−${duration(-ns / 1000)}` : `+${duration(ns / 1000)}`);

const valueOf = (event, key) => event.attributes.find((one) => one.key === key)?.text;

export const isException = ({ name, attributes }) => name === 'exception' || attributes.some(({ key }) => key === 'exception.type');

/** As a developer reads it: what, why, where; further attributes below. */
export function exception(event) {
  const [type, message, stack] = ['type', 'message', 'stacktrace'].map((key) => valueOf(event, `exception.${key}`));
  const rest = event.attributes.filter(({ key }) => !['exception.type', 'exception.message', 'exception.stacktrace'].includes(key));
  return el('div', { class: 'exception', 'data-testid': 'exception' },
    el('p', { class: 'exception-type data' }, type || 'Exception'),
    message && el('p', { class: 'data' }, message),
    stack && el('div', { class: 'stack' },
      el('pre', { class: 'data', tabindex: '0', 'aria-label': 'Stack trace' }, stack), copyButton(stack, 'the stack trace')),
    attributeTable(rest, 'event-attribute'));
}

function eventItem(event, start) {
  return el('li', { 'data-testid': 'annotation-row' },
    el('span', { class: 'event-time number muted' }, start === undefined ? '–' : offsetText(Number(event.time - start))),
    el('span', { class: 'event-name data' }, event.name || '(no name)'),
    attributeTable(event.attributes, 'event-attribute'));
}

/** `start`: when the trace began, in nanoseconds since 1970. */
export const eventList = (events, start) => el('ol', { class: 'events' }, events.map((event) => eventItem(event, start)));

/** OTLP pads ids of 64 bits. */
const shortId = (traceId = '') => traceId.replace(/^0{16}(?=.{16}$)/, '').toLowerCase();

export function linkList(links) {
  return el('ul', { class: 'links' }, links.map(({ traceId, spanId = '', attributes = [] }) => el('li', { 'data-testid': 'span-link' },
    el('a', { class: 'data', href: traceLink(shortId(traceId), { span: spanId }) }, `${shortId(traceId)} · ${spanId}`),
    attributes.length > 0 && el('span', { class: 'muted data' }, ` ${attributes.map(({ key, value }) => `${key}=${Object.values(value ?? {})[0]}`).join(' ')}`))));
}

/** The text is made when somebody looks. */
export function rawJSON(value) {
  const details = el('details', { class: 'raw', 'data-testid': 'raw-json' }, el('summary', {}, 'Raw JSON'));
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    const text = JSON.stringify(value, null, 2);
    details.append(copyButton(text, 'the JSON'), el('pre', { class: 'data', tabindex: '0', 'aria-label': 'Raw JSON of the span' }, text));
  });
  return details;
}
