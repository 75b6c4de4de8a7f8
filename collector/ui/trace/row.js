// One row of the waterfall. Rows that scroll out of sight are filled again for those that come, so that a long
// trace needs no more elements than fit on the screen. What differs between rows is set on the element itself and
// not inherited, and only where it changed: styles are then computed for few elements in a frame.

import { el } from '../dom.js';
import { duration, plural } from '../format.js';
import { serviceLabel } from '../service.js';
import { flag, orphan } from './model.js';

const deepest = 14; // deeper levels are not indented further but numbered
const orphanLabels = { [orphan.missing]: 'parent missing', [orphan.loop]: 'parent loop' };

export const time = (ns) => (Number.isNaN(ns) ? '–' : duration(ns / 1000));
const rowId = (item) => (item < 0 ? `fold-${~item}` : `row-${item}`);
const badge = (text, title, kind = '') => el('span', { class: `badge ${kind}`, title }, text);

export class Row {
  known = {};

  constructor() {
    this.indent = el('span', { class: 'indent' });
    this.twisty = el('span', { class: 'twisty' });
    this.stripe = el('span', { class: 'stripe' });
    this.sign = el('span', { class: 'error-sign', hidden: true }, '!');
    this.title = el('span', { class: 'span-title' });
    this.service = el('span', { class: 'span-service' });
    this.badges = el('span', { class: 'badges' });
    this.duration = el('span', { class: 'span-duration number', role: 'gridcell' });
    this.times = el('span', { class: 'span-times', role: 'gridcell' });
    this.label = el('span', { class: 'span-label data' }, this.title, ' ', this.service);
    this.element = el('div', { class: 'span-row', role: 'row' },
      el('span', { class: 'span-name-cell', role: 'gridcell' }, this.indent, this.twisty, this.stripe, this.sign, this.label, this.badges),
      this.duration, this.times);
  }

  /** Calls `set` with the value, unless that was there before. */
  once(key, value, set) {
    if (this.known[key] === value) return;
    this.known[key] = value;
    set(value);
  }

  fill(rows, row, { palette, rowHeight }) {
    const fold = rows.foldAt(row);
    this.element.style.top = `${row * rowHeight}px`;
    this.place(rows, row);
    if (fold) this.fillFold(rows.trace, fold, palette);
    else this.fillSpan(rows.trace, rows.items[row], rows, row, palette);
  }

  mark(isSelected, isActive, isMatch) {
    const { element } = this;
    this.once('selected', isSelected, () => { element.ariaSelected = isSelected; });
    this.once('active', isActive, () => element.classList.toggle('active', isActive));
    this.once('match', isMatch, () => element.classList.toggle('match', isMatch));
  }

  place(rows, row) {
    const { element } = this;
    const level = rows.levels[row];
    const state = !rows.isExpandable(row) ? 'leaf' : rows.isOpen(row) ? 'open' : 'closed';
    element.id = rowId(rows.items[row]);
    element.dataset.row = row;
    element.ariaRowIndex = row + 2; // the first is that of the headings
    element.ariaPosInSet = rows.positions[row];
    this.once('siblings', rows.siblings[row], (count) => { element.ariaSetSize = count; });
    this.once('level', level, () => {
      element.ariaLevel = level;
      this.indent.style.setProperty('--level', Math.min(level - 1, deepest));
    });
    this.once('state', state, () => {
      element.ariaExpanded = state === 'leaf' ? null : state === 'open';
      this.twisty.className = `twisty ${state}`;
    });
  }

  dress({ test, failed, below, name, title, service, length, detail, label, badges, colour, spanId }) {
    const { element } = this;
    element.ariaLabel = label;
    this.once('test', test, () => {
      element.dataset.testid = test;
      this.title.classList.toggle('fold-title', test === 'fold-row');
    });
    if (spanId) element.dataset.spanId = spanId;
    else delete element.dataset.spanId;
    this.once('sign', failed ? 2 : below ? 1 : 0, (state) => {
      element.classList.toggle('failed', state === 2);
      this.sign.hidden = state === 0;
      this.sign.classList.toggle('error-below', state === 1);
    });
    this.once('name', name, () => { this.title.textContent = name; });
    this.once('title', title, () => { this.label.title = title; });
    this.once('service', service, () => { this.service.textContent = serviceLabel(service); });
    this.once('length', length, () => { this.duration.textContent = length; });
    this.once('detail', detail, () => { this.times.ariaLabel = detail; });
    this.once('colour', colour, () => { this.stripe.style.backgroundColor = colour; });
    this.once('badges', badges.map(({ textContent }) => textContent).join(), () => this.badges.replaceChildren(...badges));
  }

  fillSpan(trace, index, rows, row, palette) {
    const name = trace.nameOf(index) || '(no name)';
    const service = trace.serviceOf(index);
    const failed = trace.failed(index);
    const isClosed = rows.isExpandable(row) && !rows.isOpen(row);
    const level = rows.levels[row];
    const below = isClosed && trace.errorsBelow[index] > 0;
    const notes = [
      orphanLabels[trace.orphan[index]],
      trace.has(index, flag.adjusted) && 'clock adjusted',
      trace.has(index, flag.dropped) && 'spans left out here',
    ].filter(Boolean);
    this.dress({
      test: 'span-row', failed, below, name, service, spanId: trace.id[index], colour: palette.of(service),
      title: `${name} (${serviceLabel(service)})`,
      length: time(trace.duration[index]),
      detail: trace.isTimed(index) ? `starts after ${time(trace.start[index])}` : 'no start time',
      label: [
        name, serviceLabel(service), time(trace.duration[index]), failed && 'error', ...notes,
        below && `${plural(trace.errorsBelow[index], 'error')} below`,
      ].filter(Boolean).join(', '),
      badges: [
        level - 1 > deepest && badge(`level ${level}`),
        ...notes.map((note) => badge(note, undefined, 'badge-note')),
        isClosed && badge(`+${trace.size[index].toLocaleString('en')}`, `${plural(trace.size[index], 'span')} below`),
      ].filter(Boolean),
    });
  }

  fillFold(trace, fold, palette) {
    const count = fold.members.length.toLocaleString('en');
    const name = trace.nameOf(fold.first) || '(no name)';
    const service = trace.serviceOf(fold.first);
    this.dress({
      test: 'fold-row', failed: false, below: fold.errors > 0, service, colour: palette.of(service),
      name: `${count} × ${name}`,
      title: `${count} calls of ${name} (${serviceLabel(service)})`,
      length: time(fold.total),
      detail: `all calls together, 95 % of them within ${time(fold.p95)}`,
      label: [
        `${count} times ${name}`, serviceLabel(service), `together ${time(fold.total)}`, `p95 ${time(fold.p95)}`,
        fold.errors > 0 && plural(fold.errors, 'error'),
      ].filter(Boolean).join(', '),
      badges: [
        badge(`p95 ${time(fold.p95)}`, 'So long or shorter took 95 % of the calls'),
        fold.errors > 0 && badge(plural(fold.errors, 'error'), undefined, 'badge-failed'),
      ].filter(Boolean),
    });
  }
}
