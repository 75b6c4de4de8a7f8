// Everything known about one span. Beside the waterfall on wide screens, a sheet from below on narrow ones.

import { el, Widget } from './dom.js';
import { dateTime, duration, microseconds } from './format.js';
import { serviceChip } from './service.js';
import { copyButton } from './widgets.js';

const orphanText = {
  missing: 'Its parent was never received.',
  loop: 'Its ancestors lead back to itself; the loop is cut here.',
};

const row = (name, ...value) => [el('dt', {}, name), el('dd', {}, ...value)];

function endpointText({ serviceName, ipv4, ipv6, port } = {}) {
  const host = ipv4 ?? (ipv6 && `[${ipv6}]`) ?? '';
  const address = port ? `${host}:${port}` : host;
  return [serviceName, address].filter(Boolean).join(' at ');
}

function basics({ span, shared, service, orphan }, trace) {
  const { timestamp, remoteEndpoint, localEndpoint } = span;
  const offset = timestamp === undefined ? undefined : timestamp - trace.start;
  return el('dl', { class: 'pairs' },
    row('Service', serviceChip(service)),
    row('Kind', (span.kind ?? 'local').toLowerCase(), shared && ' (shares its id with the client)', span.debug && ', debug'),
    row('Starts at', offset === undefined ? 'unknown' : el('span', { title: dateTime(timestamp) }, `+${duration(offset)}`)),
    row('Duration', span.duration === undefined ? 'unknown' : el('span', { title: microseconds(span.duration) }, duration(span.duration))),
    localEndpoint && row('Local', el('span', { class: 'data' }, endpointText(localEndpoint))),
    remoteEndpoint && row('Remote', el('span', { class: 'data' }, endpointText(remoteEndpoint))),
    row('Span id', el('code', { class: 'data' }, span.id), copyButton(span.id, 'the span id')),
    span.parentId && row('Parent id', el('code', { class: 'data' }, span.parentId)),
    orphan && row('Note', orphanText[orphan]));
}

function tagTable(tags = {}) {
  const keys = Object.keys(tags).sort();
  if (keys.length === 0) return el('p', { class: 'muted' }, 'No tags.');
  return el('table', { class: 'tags' }, el('tbody', {}, keys.map((key) =>
    el('tr', { class: key === 'error' ? 'tag-error' : undefined, 'data-testid': 'tag-row', 'data-key': key },
      el('th', { scope: 'row', class: 'data' }, key),
      el('td', { class: 'data' }, String(tags[key]))))));
}

function annotationTable(annotations = [], trace) {
  const sorted = [...annotations].sort((one, other) => one.timestamp - other.timestamp);
  if (sorted.length === 0) return undefined;
  return [el('h3', {}, 'Annotations'),
    el('table', { class: 'tags' }, el('tbody', {}, sorted.map(({ timestamp, value }) =>
      el('tr', { 'data-testid': 'annotation-row' },
        el('th', { scope: 'row', class: 'number', title: dateTime(timestamp) }, offsetText(timestamp - trace.start)),
        el('td', { class: 'data' }, String(value))))))];
}

const offsetText = (us) => (Number.isNaN(us) ? '–' : us < 0 ? `−${duration(-us)}` : `+${duration(us)}`);

class SpanDetail extends Widget {
  build() {
    this.setAttribute('data-testid', 'span-detail');
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', 'Span details');
    this.hidden = true;
  }

  show(node, trace) {
    this.hidden = !node;
    if (!node) return this.replaceChildren();
    const { span, failed } = node;
    this.replaceChildren(
      el('div', { class: 'detail-head' },
        el('h2', { class: 'data', 'data-testid': 'span-name' }, span.name || '(no name)'),
        el('button', { class: 'quiet close', type: 'button', 'aria-label': 'Close the details', onclick: () => this.dispatchEvent(new Event('close')) }, '×')),
      failed ? el('p', { class: 'notice notice-error data' }, ['', 'true'].includes(span.tags.error) ? 'This span failed.' : span.tags.error) : '',
      basics(node, trace),
      el('h3', {}, 'Tags'),
      tagTable(span.tags),
      ...(annotationTable(span.annotations, trace) ?? []));
    this.scrollTop = 0;
    return undefined;
  }
}

customElements.define('span-detail', SpanDetail);
