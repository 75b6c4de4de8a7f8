// `#/trace/<id>?span=<id>`: one trace as a waterfall, with the details of the chosen span beside it.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { dateTime, duration, microseconds, plural } from './format.js';
import { go, traceLink } from './route.js';
import { serviceChips, serviceLabel } from './service.js';
import './span-detail.js';
import { buildTrace, findNode } from './tree.js';
import './waterfall.js';
import { copyButton, errorMark, errorMessage, startTime } from './widgets.js';

const fact = (name, ...value) => el('div', { class: 'fact' }, el('dt', {}, name), el('dd', {}, ...value));

function heading({ root, errors }) {
  return el('h1', { tabindex: '-1' },
    el('span', { class: 'trace-service data' }, serviceLabel(root.service)), ' ',
    el('span', { class: 'data' }, root.span.name || '(no name)'),
    errors > 0 && errorMark(plural(errors, 'error')));
}

function facts(trace) {
  return el('dl', { class: 'facts' },
    fact('Duration', el('span', { title: trace.duration === undefined ? undefined : microseconds(trace.duration) }, duration(trace.duration))),
    fact('Spans', trace.nodes.length.toLocaleString('en')),
    fact('Depth', String(trace.depth)),
    fact('Started', trace.start === undefined ? '–' : dateTime(trace.start), trace.start !== undefined && el('span', { class: 'muted' }, ' ', startTime(trace.start))),
    fact('Trace id', el('code', { class: 'data' }, trace.id), copyButton(trace.id, 'the trace id')),
    fact('Data', el('a', { href: api.rawTraceURL(trace.id), target: '_blank', rel: 'noopener' }, 'JSON')));
}

class TraceView extends Widget {
  request = new Latest();

  build() {
    this.header = el('header', { class: 'trace-header' });
    this.waterfall = el('span-waterfall');
    this.detail = el('span-detail');
    this.body = el('div', { class: 'trace-body' }, this.waterfall, this.detail);
    this.append(this.header);
    this.waterfall.addEventListener('choose', ({ detail: node }) => this.choose(node));
    this.detail.addEventListener('close', () => this.unchoose());
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.node) this.unchoose();
    });
  }

  show({ traceId, params }, { returning, entering }) {
    const id = traceId.toLowerCase();
    if (this.trace?.id === id && (returning || !entering)) this.apply(params);
    else this.load(id, params);
  }

  async load(id, params) {
    document.title = `Trace ${id.slice(0, 8)} – Wingbeat`;
    const signal = this.request.next();
    this.trace = null;
    this.body.remove();
    this.header.replaceChildren(el('p', { class: 'status loading', role: 'status' }, 'Loading the trace…'));
    try {
      if (!/^[0-9a-f]{1,32}$/.test(id)) throw new api.ApiError(`“${id}” is not a trace id: it takes 1 to 32 hex digits.`);
      const spans = await api.trace(id, signal);
      if (spans.length === 0) throw new api.ApiError(`${id} not found`);
      this.draw(buildTrace(spans), id);
      this.apply(params);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.header.replaceChildren(el('h1', { tabindex: '-1' }, 'Trace'), errorMessage(error),
        el('p', {}, el('button', { type: 'button', onclick: () => this.load(id, params) }, 'Try again')));
    }
  }

  draw(trace, id) {
    this.trace = { ...trace, id };
    document.title = `${serviceLabel(trace.root.service)} ${trace.root.span.name ?? ''} – Wingbeat`;
    this.header.replaceChildren(heading(this.trace), facts(this.trace), serviceChips(trace.services));
    this.append(this.body);
    this.waterfall.trace = this.trace;
  }

  /** Shows what the hash says about the chosen span. */
  apply(params) {
    this.node = params.span ? findNode(this.trace, params.span, Number(params.side) || 1) : undefined;
    this.body.classList.toggle('has-detail', Boolean(this.node));
    this.detail.show(this.node, this.trace);
    this.waterfall.select(this.node);
  }

  // Opening the details makes a step in the history; going from span to span does not.
  choose(node) {
    const side = node.side > 1 ? String(node.side) : '';
    const opened = this.node ? history.state?.opened : true;
    go(traceLink(this.trace.id, { span: node.span.id, side }), { replace: Boolean(this.node), state: { opened } });
  }

  unchoose() {
    if (history.state?.opened) history.back();
    else go(traceLink(this.trace.id), { replace: true, state: { visited: true } });
    this.waterfall.focus();
  }
}

customElements.define('trace-view', TraceView);
