// Everything known about one span, asked for when it is chosen. Beside the waterfall on wide screens, a sheet from
// below on narrow ones.

import { get } from '../api.js';
import { el, Latest, Widget } from '../dom.js';
import { dateTime, microseconds } from '../format.js';
import { traceLink } from '../route.js';
import { serviceChip } from '../service.js';
import { copyButton, errorMessage } from '../widgets.js';
import { attributeTable, eventList, exception, isException, linkList, offsetText, rawJSON, section } from './detail-parts.js';
import { flag, kinds, orphan } from './model.js';
import { spanOf } from './otlp.js';
import { time } from './row.js';

const patience = 200; // milliseconds until what is known without asking is shown
const orphanText = {
  [orphan.missing]: 'Its parent was never received.',
  [orphan.loop]: 'Its ancestors lead back to itself; the loop is cut here.',
};

// As the collector writes the endpoints of Zipkin's spans, which have addresses beside their tags.
const fromZipkin = 'zipkin.shared';
const endpointKeys = new Set([fromZipkin, 'net.host.ip', 'net.host.port', 'peer.service', 'net.peer.ip', 'net.peer.port']);

const row = (name, ...value) => [el('dt', {}, name), el('dd', {}, ...value)];

function address(span, name, host) {
  if (span?.attribute(fromZipkin) === undefined) return undefined;
  const place = [span.attribute(`${host}.ip`), span.attribute(`${host}.port`)].filter(Boolean).join(':');
  return [name, place].filter(Boolean).join(' at ');
}

const addressRow = (name, text) => text && row(name, el('span', { class: 'data' }, text));

function basics(view, index, span) {
  const { trace, self } = view;
  const share = trace.total > 0 ? ` (${Math.round((trace.duration[index] / trace.total) * 100)} % of the trace)` : '';
  const moved = span?.attribute('wingbeat.skew_adjusted');
  const parentId = trace.parentId[index];
  return el('dl', { class: 'pairs' },
    row('Service', serviceChip(trace.serviceOf(index))),
    row('Kind', kinds[trace.kind[index]] ?? 'unknown', trace.side[index] === 2 && ' (shares its id with the client)', trace.has(index, flag.debug) && ', debug'),
    row('Starts at', trace.isTimed(index) ? el('span', { title: dateTime(trace.startUs + trace.start[index] / 1000) }, offsetText(trace.start[index])) : 'unknown',
      moved && ` (clock moved by ${offsetText(Number(moved))})`),
    row('Duration', Number.isNaN(trace.duration[index]) ? 'unknown'
      : el('span', { title: microseconds(trace.duration[index] / 1000) }, time(trace.duration[index]), share)),
    trace.size[index] > 0 && row('Self time', time(self[index])),
    addressRow('Local', address(span, '', 'net.host')),
    addressRow('Remote', address(span, span?.attribute('peer.service'), 'net.peer')),
    row('Span id', el('code', { class: 'data' }, trace.id[index]), ' ', copyButton(trace.id[index], 'the span id')),
    parentId && row('Parent', trace.parent[index] < 0 ? el('code', { class: 'data' }, parentId)
      : el('a', { class: 'data', href: traceLink(trace.traceId, { ...view.params, span: parentId, side: undefined }) }, trace.nameOf(trace.parent[index]) || parentId)),
    trace.orphan[index] > 0 && row('Note', orphanText[trace.orphan[index]]),
    span?.scope && row('Scope', el('span', { class: 'data' }, [span.scope.name, span.scope.version].filter(Boolean).join(' '))),
    span?.traceState && row('State', el('span', { class: 'data' }, span.traceState)));
}

/** Why a span failed, said once: an exception says it better than the status that repeats its message. */
function failure(span) {
  const told = [span.status.message, span.attribute('error'), span.attribute('error.message')].find((text) => text && text !== 'true');
  const messages = span.events.flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'exception.message').map(({ text }) => text));
  return messages.includes(told) ? '' : told ?? 'This span failed.';
}

function everything(view, index, span) {
  const { trace } = view;
  const reason = trace.failed(index) ? failure(span) : '';
  const isZipkin = span.attribute(fromZipkin) !== undefined;
  const attributes = span.attributes.filter(({ key, text }) => !(isZipkin && endpointKeys.has(key)) && !(key === 'error' && text === reason));
  const events = span.events.filter((event) => !isException(event));
  const exceptions = span.events.filter(isException);
  const start = trace.startNs;
  return [
    reason && el('p', { class: 'notice notice-error data', 'data-testid': 'span-failure' }, reason),
    exceptions.map(exception),
    basics(view, index, span),
    section('Attributes', attributeTable(attributes, 'tag-row', 'No attributes.')),
    events.length > 0 && section('Events', eventList(events, start)),
    span.links.length > 0 && section('Links to other traces', linkList(span.links)),
    span.resource.length > 0 && section('Resource', attributeTable(span.resource, 'resource-row')),
    rawJSON(span.raw),
  ].flat();
}

class SpanDetail extends Widget {
  request = new Latest();

  build() {
    this.setAttribute('data-testid', 'span-detail');
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', 'Span details');
    this.hidden = true;
  }

  hide() {
    this.request.next();
    this.hidden = true;
    this.shown = undefined;
    this.replaceChildren();
  }

  /** `view`: trace, self (times), params of the link. What is shown stays until the answer comes, unless that takes long. */
  async show(view, index) {
    const key = `${view.trace.traceId} ${index} ${view.adjusted}`;
    if (this.shown === key) return;
    this.shown = key;
    const signal = this.request.next();
    const timer = setTimeout(() => this.fill(view, index, [basics(view, index), el('p', { class: 'muted' }, 'Loading…')], false), this.hidden ? 50 : patience);
    let content;
    try {
      content = everything(view, index, await this.ask(view, index, signal));
    } catch (error) {
      if (error.name === 'AbortError') return clearTimeout(timer);
      this.shown = undefined;
      content = [errorMessage(error), basics(view, index)];
    }
    clearTimeout(timer);
    if (!signal.aborted) this.fill(view, index, content, true);
  }

  async ask({ trace }, index, signal) {
    const answer = await get(`trace/${encodeURIComponent(trace.traceId)}/spans/${trace.id[index]}`, {}, signal);
    const { parent } = trace;
    const isSide = (other) => other >= 0 && trace.id[other] === trace.id[index];
    let hasOther = isSide(parent[index]);
    trace.eachChild(index, (child) => { hasOther ||= isSide(child); });
    return spanOf(answer, { side: trace.side[index], hasOther, service: trace.serviceOf(index) });
  }

  fill({ trace }, index, content, isComplete) {
    this.hidden = false;
    const tell = (name) => () => this.dispatchEvent(new CustomEvent(name, { detail: index }));
    const button = (text, name, title) => el('button', { class: 'quiet', type: 'button', title, onclick: tell(name) }, text);
    this.replaceChildren(
      el('div', { class: 'detail-head' },
        el('h2', { class: 'data', 'data-testid': isComplete ? 'span-name' : undefined }, trace.nameOf(index) || '(no name)'),
        el('button', { class: 'quiet close', type: 'button', 'aria-label': 'Close the details', onclick: tell('close') }, '×')),
      el('div', { class: 'detail-actions' }, button('Zoom to it', 'zoom', 'z'), button('Find alike', 'alike'),
        el('span', { class: 'muted' }, 'Link ', copyButton(location.href, 'the link to this span'))),
      ...content.filter(Boolean));
    this.scrollTop = 0;
    this.dispatchEvent(new Event('filled'));
  }
}

customElements.define('span-detail', SpanDetail);
