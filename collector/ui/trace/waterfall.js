// The tree of spans with a bar for each on a common time axis. The page scrolls over the full height of all rows;
// a stage of the window's height sticks to it and shows those that are in sight: names as elements (for people,
// the keyboard and screen readers), bars on one canvas.

import { el, Widget } from '../dom.js';
import { tickLabels, ticks } from './axis.js';
import { paintBars } from './bars.js';
import './minimap.js';
import { Palette } from './palette.js';
import { RowWindow } from './row-window.js';
import { dragToZoom, wheelToZoom } from './gestures.js';
import { treeKey } from './tree-keys.js';

class SpanWaterfall extends Widget {
  build() {
    this.minimap = el('trace-minimap');
    this.axis = el('span', { class: 'axis', role: 'columnheader', 'aria-label': 'Timeline' });
    this.head = el('div', { class: 'waterfall-head', role: 'rowgroup' }, this.minimap,
      el('div', { class: 'axis-row', role: 'row', 'aria-rowindex': '1' },
        el('span', { class: 'axis-names', role: 'columnheader' }, 'Operation'),
        el('span', { class: 'axis-duration', role: 'columnheader' }, 'Duration'), this.axis));
    this.canvas = el('canvas', { 'data-testid': 'waterfall-canvas', 'aria-hidden': 'true' });
    this.timeline = el('div', { class: 'timeline' }, this.canvas);
    this.lines = new RowWindow(el('div', { class: 'rows', role: 'presentation' }));
    this.stage = el('div', { class: 'stage', role: 'presentation', onclick: (event) => this.click(event) },
      this.lines.layer, el('div', { class: 'bars', 'aria-hidden': 'true' }, this.timeline));
    this.area = el('div', { class: 'tree-area', role: 'rowgroup' }, this.stage);
    this.grid = el('div', {
      class: 'tree', role: 'treegrid', tabindex: '0', 'aria-label': 'Spans', 'aria-colcount': '3', 'data-testid': 'waterfall',
      onkeydown: (event) => treeKey(this, event),
    }, this.head, this.area);
    this.append(this.grid);
    this.palette = new Palette(this, () => this.repaint());
    this.observe();
  }

  observe() {
    window.addEventListener('scroll', () => this.redraw(), { passive: true });
    const sizes = new ResizeObserver(() => this.measure());
    for (const part of [this, this.timeline, this.head]) sizes.observe(part);
    window.addEventListener('resize', () => this.measure());
    dragToZoom(this);
    wheelToZoom(this);
  }

  /** `path` is the critical path, or undefined when it is not to be drawn. */
  show(trace, rows, zoom) {
    Object.assign(this, { trace, rows, zoom, active: rows.items[0], selected: undefined, marked: null, drawn: false });
    this.minimap.show(trace, zoom, this.palette);
    this.changed();
  }

  /** After the rows were laid out anew. */
  changed() {
    this.lines.forget();
    this.area.style.setProperty('--rows', this.rows.count);
    this.grid.ariaRowCount = this.rows.count + 1;
    if (this.rowOf(this.active) < 0) [this.active] = this.rows.items;
    this.measure();
  }

  /** After the colour scheme changed. */
  repaint() {
    if (!this.rows) return;
    this.minimap.draw();
    this.lines.forget();
    this.redraw();
  }

  zoomed() {
    this.minimap.mark();
    this.drawAxis();
    this.redraw();
  }

  measure() {
    if (!this.rows || !this.isConnected) return;
    const style = getComputedStyle(this.stage);
    if (this.sizes && this.sizes.rowHeight !== parseFloat(style.lineHeight)) this.lines.forget();
    this.sizes = {
      rowHeight: parseFloat(style.getPropertyValue('line-height')),
      barTop: parseFloat(style.getPropertyValue('--bar-top')),
      barHeight: parseFloat(style.getPropertyValue('--bar-height')),
      isStacked: parseFloat(style.getPropertyValue('--bar-top')) > 20,
      width: this.timeline.clientWidth,
      height: this.stage.clientHeight,
      head: this.head.offsetHeight,
    };
    this.style.setProperty('--head', `${this.sizes.head}px`);
    this.drawAxis();
    this.redraw();
  }

  drawAxis() {
    const { width } = this.sizes;
    this.ticks = ticks(this.zoom.from, this.zoom.to, width);
    this.axis.replaceChildren(...tickLabels(this.ticks, (time) => this.zoom.share(time) * width, width));
  }

  redraw() {
    if (!this.rows || this.frame || !this.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.isConnected) this.draw();
    });
  }

  draw() {
    const { rowHeight, height, head } = this.sizes;
    const most = Math.max(0, this.rows.count * rowHeight - height);
    const offset = Math.min(most, Math.max(0, head - this.area.getBoundingClientRect().top));
    const first = Math.floor(offset / rowHeight);
    const last = Math.min(this.rows.count, Math.ceil((offset + height) / rowHeight));
    this.lines.show(this.rows, first, last, { palette: this.palette, rowHeight });
    this.lines.layer.style.transform = `translateY(${-offset}px)`;
    this.mark();
    const { trace, rows, zoom, palette, path, marked } = this;
    paintBars(this.canvas, { trace, rows, zoom, palette, path, marked, first, last, offset, ticks: this.ticks, ...this.sizes });
    if (!this.drawn) performance.mark('trace-drawn'); // for those who measure
    this.drawn = true;
  }

  mark() {
    let isVisible = false;
    this.lines.each((line, row) => {
      const item = this.rows.items[row];
      line.mark(item === this.selected, item === this.active, Boolean(this.marked?.has(item)));
      if (item === this.active) isVisible = line.element.id;
    });
    if (isVisible) this.grid.setAttribute('aria-activedescendant', isVisible);
    else this.grid.removeAttribute('aria-activedescendant');
  }

  focus() { this.grid.focus({ preventScroll: true }); }

  rowOf(item) { return item === undefined ? -1 : item >= 0 ? this.rows.rowOf[item] : this.rows.items.indexOf(item); }

  activate(row) {
    if (row < 0 || row >= this.rows.count) return;
    this.active = this.rows.items[row];
    this.reveal(row);
    this.draw();
  }

  /** Scrolls no further than needed; what lies over the lower edge (the details on a phone) counts as out of sight. */
  reveal(row) {
    const { rowHeight, head } = this.sizes;
    const top = this.area.getBoundingClientRect().top + row * rowHeight;
    const bottom = window.innerHeight - (this.covered ?? 0) - 8;
    if (top < head) window.scrollBy(0, top - head);
    else if (top + rowHeight > bottom) window.scrollBy(0, Math.min(top + rowHeight - bottom, top - head));
  }

  /** The chosen span; rows above it are opened so that it can be seen. */
  select(index) {
    this.selected = index;
    if (index === undefined) return this.redraw();
    const before = this.rows.count;
    if (!this.rows.uncover(index)) return this.redraw();
    if (this.rows.count !== before) this.changed();
    return this.activate(this.rowOf(index));
  }

  toggle(row, open = !this.rows.isOpen(row)) {
    if (!this.rows.isExpandable(row)) return;
    this.active = this.rows.items[row];
    this.rows.setOpen(row, open);
    this.changed();
    this.activate(this.rowOf(this.active));
  }

  choose(row) {
    const item = this.rows.items[row];
    if (item < 0) return this.toggle(row);
    this.activate(row);
    return this.dispatchEvent(new CustomEvent('choose', { detail: item }));
  }

  click(event) {
    const line = event.target.closest('[role=row]');
    if (!line || this.dragged) return;
    const row = Number(line.dataset.row);
    if (event.target.closest('.twisty') && this.rows.isExpandable(row)) this.toggle(row);
    else this.choose(row);
  }
}

customElements.define('span-waterfall', SpanWaterfall);
