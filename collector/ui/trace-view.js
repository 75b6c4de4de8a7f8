// `#/trace/<id>?span=<id>`: one trace as a waterfall, a flame graph or a table, with the details of the chosen span
// beside it. All that is chosen stands in the link.

import { el, Latest, Widget } from './dom.js';
import { go, traceLink } from './route.js';
import { serviceLabel } from './service.js';
import { addKeys } from './shortcuts.js';
import './trace/detail.js';
import './trace/flame.js';
import { behindTheirCallers, comparisons, downloads, facts, failures, heading, notices, serviceFinder } from './trace/header.js';
import { traceKey, traceKeys } from './trace/keys.js';
import { loadTrace } from './trace/load.js';
import { Rows } from './trace/rows.js';
import './trace/table.js';
import { criticalPath, selfTimes } from './trace/times.js';
import './trace/toolbar.js';
import { nextOf, TraceSearch } from './trace/trace-search.js';
import './trace/waterfall.js';
import { Zoom } from './trace/zoom.js';
import { errorMessage } from './widgets.js';

const settle = 250; // milliseconds without a change until the zoom is written into the link

class TraceView extends Widget {
  request = new Latest();
  search = new TraceSearch();
  zoom = new Zoom();

  build() {
    this.header = el('header', { class: 'trace-header' });
    this.toolbar = el('trace-toolbar');
    this.pictures = { '': el('span-waterfall'), flame: el('trace-flame'), table: el('trace-table') };
    this.waterfall = this.pictures[''];
    this.detail = el('span-detail');
    this.body = el('div', { class: 'trace-body' }, el('div', { class: 'trace-picture' }, Object.values(this.pictures)), this.detail);
    this.append(this.header);
    this.listen();
  }

  listen() {
    const on = (part, name, action) => part.addEventListener(name, ({ detail }) => action(detail));
    on(this.waterfall, 'choose', (index) => this.choose(index));
    on(this.detail, 'close', () => this.unchoose());
    on(this.detail, 'filled', () => this.makeRoom());
    on(this.detail, 'zoom', (index) => this.zoomToSpan(index));
    on(this.detail, 'alike', (index) => this.findAlike(index));
    on(this.toolbar, 'find', (q) => this.update({ q: q.trim(), only: q.trim() ? this.params.only : undefined }));
    on(this.toolbar, 'match', (step) => this.nextMatch(step));
    on(this.toolbar, 'error', (step) => this.nextError(step));
    on(this.toolbar, 'zoom', (factor) => (factor ? this.zoom.by(factor) : this.zoom.whole()));
    on(this.toolbar, 'collapse', () => this.fold('collapseAll'));
    on(this.toolbar, 'expand', () => this.fold('expandAll'));
    for (const part of [this.toolbar, this.pictures.table]) on(part, 'params', (params) => this.update(params));
    on(this.pictures.table, 'find', (q) => this.update({ q, view: undefined }));
    this.zoom.addEventListener('change', () => this.zoomed());
    document.addEventListener('keydown', (event) => { if (this.isConnected && this.trace) traceKey(this, event); }, true);
  }

  show({ traceId, params }, { returning, entering }) {
    const id = traceId.toLowerCase();
    const adjusted = params.clocks === 'adjusted';
    if (this.trace && this.asked === id && this.adjusted === adjusted && (returning || !entering)) this.apply(params);
    else this.load(id, adjusted, params);
  }

  async load(id, adjusted, params) {
    document.title = `Trace ${id.slice(0, 8)} – Wingbeat`;
    const signal = this.request.next();
    if (this.asked !== id || !this.trace) {
      this.trace = null;
      this.body.remove();
      this.toolbar.remove();
      this.header.replaceChildren(el('p', { class: 'status loading', role: 'status' }, 'Loading the trace…'));
    }
    Object.assign(this, { asked: id, adjusted });
    try {
      this.draw(await loadTrace(id, { adjusted, signal }), params);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.fail(error, id, params);
    }
  }

  fail(error, id, params) {
    this.trace = null;
    this.body.remove();
    this.toolbar.remove();
    this.header.replaceChildren(el('h1', { tabindex: '-1' }, error.isGone ? 'Trace not found' : 'The trace cannot be shown'), errorMessage(error),
      el('p', {}, el('button', { type: 'button', onclick: () => this.load(id, this.adjusted, params) }, 'Try again')));
  }

  draw(trace, params) {
    this.trace = trace;
    this.self = selfTimes(trace);
    this.path = undefined;
    this.index = undefined;
    document.title = `${serviceLabel(trace.serviceOf(0))} ${trace.nameOf(0)} – Wingbeat`;
    this.zoom.reset(trace.total);
    this.rows = new Rows(trace, this.self);
    this.behind = this.adjusted ? 0 : behindTheirCallers(trace);
    this.params = params;
    this.drawHeader();
    this.append(this.toolbar, this.body);
    this.waterfall.show(trace, this.rows, this.zoom);
    this.detail.hide();
    this.apply(params);
  }

  drawHeader() {
    const { trace } = this;
    this.header.replaceChildren(
      el('div', { class: 'trace-title-line' }, heading(trace), el('div', { class: 'menus' }, comparisons(trace), downloads(trace))),
      facts(trace), serviceFinder(trace, (q) => this.update({ q, view: undefined })),
      failures(trace, (index) => this.choose(index)) || '', notices(trace, this) || '');
  }

  /** Shows what the link says. */
  apply(params) {
    this.params = params;
    const picture = Object.hasOwn(this.pictures, params.view) ? params.view : '';
    for (const [name, part] of Object.entries(this.pictures)) part.hidden = name !== picture;
    this.toolbar.show(this.trace, params);
    this.zoom.parse(params.zoom);
    this.toolbar.zoomed(this.zoom);
    if (picture === '') this.applyRows(params);
    else this.pictures[picture].show(this, params);
    this.applySpan(params);
    this.applyQuery(params);
  }

  applyRows({ folds, path }) {
    this.waterfall.path = path === 'off' ? undefined : (this.path ??= criticalPath(this.trace));
    if (this.rows.isFolding === (folds !== 'off')) return this.waterfall.measure();
    this.rows.isFolding = folds !== 'off';
    this.rows.layOut();
    return this.waterfall.changed();
  }

  applySpan({ span, side }) {
    const index = span ? this.trace.find(span, Number(side) || 1) : -1;
    const before = this.index;
    this.index = index < 0 ? undefined : index;
    this.body.classList.toggle('has-detail', this.index !== undefined);
    if (this.index === undefined) this.detail.hide();
    else this.detail.show(this, this.index);
    if (!this.waterfall.hidden && this.index !== before) this.waterfall.select(this.index);
  }

  async applyQuery({ q, only }) {
    const { trace } = this;
    let error;
    try {
      this.matches = await this.search.find(trace, q);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      error = problem;
      this.matches = null;
    }
    if (this.trace !== trace) return;
    this.waterfall.marked = this.matches && this.rows.withFolds(this.matches);
    this.filter(only ? this.matches : null);
    this.tellMatches(error);
  }

  filter(matches) {
    if (this.rows.matches === matches) return this.waterfall.redraw();
    this.rows.matches = matches;
    this.rows.layOut();
    this.waterfall.changed();
    return this.index !== undefined && this.waterfall.select(this.index);
  }

  tellMatches(error) {
    const place = this.matches && this.index !== undefined ? this.matches.indexOf(this.index) : -1;
    this.toolbar.tell({ error, count: this.matches?.length, place });
  }

  /** On a phone the details cover a part of the rows. */
  makeRoom() {
    this.waterfall.covered = getComputedStyle(this.detail).position === 'fixed' ? this.detail.offsetHeight : 0;
    if (this.index !== undefined && !this.waterfall.hidden) this.waterfall.reveal(this.waterfall.rowOf(this.index));
  }

  /** Changes the link; a value that is undefined or empty leaves it. */
  update(changes, { replace = true, state = history.state } = {}) {
    go(traceLink(this.trace.traceId, { ...this.params, zoom: this.zoom.toString(), ...changes }), { replace, state });
  }

  zoomed() {
    this.toolbar.zoomed(this.zoom);
    this.waterfall.zoomed();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (!this.isConnected || !this.trace) return;
      this.params = { ...this.params, zoom: this.zoom.toString() };
      history.replaceState(history.state, '', traceLink(this.trace.traceId, this.params));
      this.toolbar.show(this.trace, this.params);
    }, settle);
  }

  fold(action) {
    this.rows[action]();
    this.waterfall.changed();
  }

  // Opening the details makes a step in the history; going from span to span does not.
  choose(index) {
    const side = this.trace.side[index] > 1 ? String(this.trace.side[index]) : undefined;
    const isOpen = this.index !== undefined;
    const isFiltered = this.rows.shown && !this.rows.shown[index];
    this.update({ span: this.trace.id[index], side, view: undefined, only: isFiltered ? undefined : this.params.only },
      { replace: isOpen, state: { opened: isOpen ? history.state?.opened : location.hash } });
  }

  unchoose() {
    const closed = { ...this.params, span: undefined, side: undefined };
    if (history.state?.opened === traceLink(this.trace.traceId, closed)) history.back();
    else this.update(closed, { state: { visited: true } });
    this.waterfall.focus();
  }

  nextMatch(step) {
    if (this.matches?.length) this.choose(nextOf(this.matches, this.index ?? -1, step));
  }

  nextError(step) {
    const next = nextOf(this.trace.failures(), this.index ?? -1, step);
    if (next !== undefined) this.choose(next);
  }

  zoomToSpan(index = this.index ?? this.waterfall.active) {
    if (index >= 0 && this.trace.isTimed(index)) this.zoom.around(this.trace.start[index], this.trace.end(index));
  }

  findAlike(index) {
    const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
    this.update({ q: `service:${quoted(this.trace.serviceOf(index))} name:${quoted(this.trace.nameOf(index))}`, view: undefined });
  }
}

addKeys('Trace', traceKeys);
customElements.define('trace-view', TraceView);
