// The tree of spans with a bar for each on a common time axis. Only rows near the visible part of a long
// trace are in the document; the keyboard works as in any tree.

import { el, Widget } from './dom.js';
import { plural } from './format.js';
import { axis, gridlines } from './time-axis.js';
import { rowId, spanRow } from './waterfall-row.js';

const alwaysAll = 400; // up to so many rows, all are kept, so that the browser's own search finds them
const margin = 40; // rows kept above and below the visible ones
const pageStep = 20;

class SpanWaterfall extends Widget {
  collapsed = new Set();
  shownRows = new Map();

  build() {
    this.summary = el('span', { class: 'muted' });
    this.toggleAll = el('button', { type: 'button', class: 'quiet', onclick: () => this.collapseAll() });
    this.axis = el('div', { class: 'axis-row' });
    this.grid = el('div', { class: 'timeline' });
    this.tree = el('div', { class: 'tree', role: 'tree', tabindex: '0', 'aria-label': 'Spans', onkeydown: (event) => this.key(event), onclick: (event) => this.click(event) });
    this.append(this.axis, el('div', { class: 'tree-area' }, el('div', { class: 'grid', 'aria-hidden': 'true' }, this.grid), this.tree));
    const redraw = () => this.drawRows();
    window.addEventListener('scroll', redraw, { passive: true });
    new ResizeObserver(redraw).observe(this);
  }

  set trace(trace) {
    this.data = trace;
    this.collapsed.clear();
    [this.active] = trace.nodes;
    this.selected = undefined;
    trace.nodes.forEach((node, index) => { node.index = index; });
    this.axis.replaceChildren(el('div', { class: 'axis-names' }, this.summary, this.toggleAll), axis(trace.duration));
    this.grid.replaceChildren(...gridlines(trace.duration));
    this.layOut();
  }

  focus() {
    this.tree.focus({ preventScroll: true });
  }

  /** The chosen span; rows above it are opened so that it can be seen. */
  select(node) {
    this.selected = node;
    if (!node) return this.mark();
    let opened = false;
    for (let above = node.parent; above; above = above.parent) opened = this.collapsed.delete(above) || opened;
    if (opened) this.layOut();
    return this.activate(node);
  }

  layOut() {
    const { nodes } = this.data;
    this.rows = [];
    for (let index = 0; index < nodes.length; index += 1) {
      const node = nodes[index];
      node.row = this.rows.length;
      this.rows.push(node);
      if (this.collapsed.has(node)) index += node.size;
    }
    this.shownRows.clear();
    this.tree.style.setProperty('--rows', this.rows.length);
    this.summary.textContent = this.rows.length === nodes.length ? plural(nodes.length, 'span')
      : `${this.rows.length.toLocaleString('en')} of ${plural(nodes.length, 'span')}`;
    this.toggleAll.textContent = this.collapsed.size ? 'Expand all' : 'Collapse all';
    this.toggleAll.hidden = !nodes.some(({ size }) => size > 0);
    this.drawRows();
  }

  range() {
    const count = this.rows.length;
    if (count <= alwaysAll) return [0, count];
    const { top, height } = this.tree.getBoundingClientRect();
    const rowHeight = height / count;
    const first = Math.floor(-top / rowHeight) - margin;
    const last = Math.ceil((window.innerHeight - top) / rowHeight) + margin;
    const step = (row) => Math.min(count, Math.max(0, row));
    return [step(Math.floor(first / pageStep) * pageStep), step(Math.ceil(last / pageStep) * pageStep)];
  }

  drawRows() {
    if (!this.rows || !this.isConnected) return;
    const [first, last] = this.range();
    const wanted = this.rows.slice(first, last);
    if (this.active.row < first) wanted.unshift(this.active);
    else if (this.active.row >= last) wanted.push(this.active);
    if (this.shownRows.size === wanted.length && wanted.every((node) => this.shownRows.has(node))) return;
    const kept = this.shownRows;
    this.shownRows = new Map(wanted.map((node) => [node, kept.get(node) ?? spanRow(node, this.data, this.collapsed.has(node))]));
    this.tree.replaceChildren(...this.shownRows.values());
    this.mark();
  }

  mark() {
    for (const [node, row] of this.shownRows) {
      row.setAttribute('aria-selected', String(node === this.selected));
      row.classList.toggle('active', node === this.active);
    }
    this.tree.setAttribute('aria-activedescendant', rowId(this.active));
  }

  activate(node) {
    if (!node) return;
    this.active = node;
    this.drawRows();
    this.mark();
    this.reveal();
  }

  reveal() {
    this.shownRows.get(this.active)?.scrollIntoView({ block: 'nearest' });
  }

  toggle(node, open = this.collapsed.has(node)) {
    if (node.size === 0) return;
    if (open) this.collapsed.delete(node);
    else this.collapsed.add(node);
    this.active = node;
    this.layOut();
    this.reveal();
  }

  collapseAll() {
    const { nodes, root } = this.data;
    if (this.collapsed.size) {
      this.collapsed.clear();
    } else {
      for (const node of nodes) if (node.size > 0) this.collapsed.add(node);
      if (root.size > root.children.length) this.collapsed.delete(root);
      while (this.active.parent) this.active = this.active.parent;
    }
    this.layOut();
  }

  choose(node) {
    this.activate(node);
    this.dispatchEvent(new CustomEvent('choose', { detail: node }));
  }

  click(event) {
    const row = event.target.closest('[role=treeitem]');
    if (!row) return;
    const node = this.data.nodes[Number(row.dataset.index)];
    if (event.target.closest('.twisty')) this.toggle(node);
    else this.choose(node);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = this.active;
    const at = (row) => this.rows[Math.min(this.rows.length - 1, Math.max(0, row))];
    const isOpen = node.size > 0 && !this.collapsed.has(node);
    const actions = {
      ArrowDown: () => this.activate(at(node.row + 1)),
      ArrowUp: () => this.activate(at(node.row - 1)),
      PageDown: () => this.activate(at(node.row + pageStep)),
      PageUp: () => this.activate(at(node.row - pageStep)),
      Home: () => this.activate(at(0)),
      End: () => this.activate(at(Infinity)),
      ArrowRight: () => (isOpen ? this.activate(node.children[0]) : this.toggle(node, true)),
      ArrowLeft: () => (isOpen ? this.toggle(node, false) : this.activate(node.parent)),
      Enter: () => this.choose(node),
      ' ': () => this.choose(node),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }
}

customElements.define('span-waterfall', SpanWaterfall);
