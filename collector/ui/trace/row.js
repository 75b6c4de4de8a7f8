// One row of the waterfall. Rows that scroll out of sight are filled again for those that come, so that a long
// trace needs no more elements than fit on the screen.

import { el } from '../dom.js';
import { duration, plural } from '../format.js';
import { paint, serviceLabel } from '../service.js';
import { flag, orphan } from './model.js';

const deepest = 14; // deeper levels are not indented further but numbered
const orphanLabels = { [orphan.missing]: 'parent missing', [orphan.loop]: 'parent loop' };

export const time = (ns) => (Number.isNaN(ns) ? '–' : duration(ns / 1000));
export const rowId = (item) => (item < 0 ? `fold-${~item}` : `row-${item}`);
const badge = (text, title, kind = '') => el('span', { class: `badge ${kind}`, title }, text);

export class Row {
  constructor() {
    this.indent = el('span', { class: 'indent' });
    this.deep = el('span', { class: 'badge' });
    this.twisty = el('span', { class: 'twisty' });
    this.sign = el('span', { class: 'error-sign' }, '!');
    this.title = el('span', { class: 'span-title' });
    this.service = el('span', { class: 'span-service' });
    this.badges = el('span', { class: 'badges' });
    this.duration = el('span', { class: 'span-duration number', role: 'gridcell' });
    this.times = el('span', { class: 'span-times', role: 'gridcell' });
    this.element = el('div', { class: 'span-row', role: 'row' },
      el('span', { class: 'span-name-cell', role: 'gridcell' }, this.indent, this.deep, this.twisty, el('span', { class: 'stripe' }), this.sign,
        el('span', { class: 'span-label data' }, this.title, ' ', this.service), this.badges),
      this.duration, this.times);
  }

  fill(rows, row) {
    const fold = rows.foldAt(row);
    this.place(rows, row);
    if (fold) this.fillFold(rows.trace, fold);
    else this.fillSpan(rows.trace, rows.items[row], rows.isOpen(row));
  }

  place(rows, row) {
    const { element } = this;
    const level = rows.levels[row];
    element.id = rowId(rows.items[row]);
    element.dataset.row = row;
    element.style.setProperty('--row', row);
    this.indent.style.setProperty('--level', Math.min(level - 1, deepest));
    this.deep.hidden = level - 1 <= deepest;
    this.deep.textContent = level;
    element.ariaLevel = level;
    element.ariaPosInSet = rows.positions[row];
    element.ariaSetSize = rows.siblings[row];
    element.ariaRowIndex = row + 2; // the first is that of the headings
    element.ariaExpanded = rows.isExpandable(row) ? rows.isOpen(row) : null;
    this.twisty.classList.toggle('leaf', !rows.isExpandable(row));
  }

  dress({ test, failed, below, name, title, service, length, detail, label, badges }) {
    const { element } = this;
    element.dataset.testid = test;
    element.ariaLabel = label;
    element.classList.toggle('failed', failed);
    this.sign.hidden = !failed && !below;
    this.sign.classList.toggle('error-below', !failed);
    this.title.textContent = name;
    this.title.parentElement.title = title;
    this.service.textContent = serviceLabel(service);
    this.duration.textContent = length;
    this.times.textContent = detail;
    this.badges.replaceChildren(...badges);
    if (this.painted === service) return;
    this.painted = service;
    element.style.removeProperty('--chroma');
    paint(element, service);
  }

  fillSpan(trace, index, open) {
    const name = trace.nameOf(index) || '(no name)';
    const service = trace.serviceOf(index);
    const failed = trace.failed(index);
    const isClosed = !open && trace.size[index] > 0;
    const below = isClosed && trace.errorsBelow[index] > 0;
    const notes = [
      orphanLabels[trace.orphan[index]],
      trace.has(index, flag.adjusted) && 'clock adjusted',
      trace.has(index, flag.dropped) && 'spans left out here',
    ].filter(Boolean);
    this.element.dataset.spanId = trace.id[index];
    this.dress({
      test: 'span-row', failed, below, name, service,
      title: `${name} (${serviceLabel(service)})`,
      length: time(trace.duration[index]),
      detail: trace.isTimed(index) ? `starts after ${time(trace.start[index])}` : 'no start time',
      label: [name, serviceLabel(service), time(trace.duration[index]), failed && 'error', ...notes, below && `${plural(trace.errorsBelow[index], 'error')} below`].filter(Boolean).join(', '),
      badges: [...notes.map((note) => badge(note, undefined, 'badge-note')), ...(isClosed ? [badge(`+${trace.size[index].toLocaleString('en')}`, `${plural(trace.size[index], 'span')} below`)] : [])],
    });
  }

  fillFold(trace, fold) {
    const count = fold.members.length.toLocaleString('en');
    const name = trace.nameOf(fold.first) || '(no name)';
    const service = trace.serviceOf(fold.first);
    delete this.element.dataset.spanId;
    this.dress({
      test: 'fold-row', failed: false, below: fold.errors > 0, service,
      name: `${count} × ${name}`,
      title: `${count} calls of ${name} (${serviceLabel(service)})`,
      length: time(fold.total),
      detail: `all calls together, 95 % of them within ${time(fold.p95)}`,
      label: [`${count} times ${name}`, serviceLabel(service), `together ${time(fold.total)}`, `p95 ${time(fold.p95)}`, fold.errors > 0 && plural(fold.errors, 'error')].filter(Boolean).join(', '),
      badges: [badge(`p95 ${time(fold.p95)}`, 'So long or shorter took 95 % of the calls'), ...(fold.errors ? [badge(plural(fold.errors, 'error'), undefined, 'badge-failed')] : [])],
    });
  }
}
