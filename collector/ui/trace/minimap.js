// The whole trace in a strip. Drag to choose the stretch of time that the waterfall shows; drag the chosen
// stretch to move it. For keys and screen readers the waterfall has buttons that do the same.

import { el, Widget } from '../dom.js';
import { fitCanvas } from './bars.js';

const mostDrawn = 20_000; // spans; of more, every second, third … is drawn, and every failed one
const click = 3; // pixels that a hand may tremble

class TraceMinimap extends Widget {
  build() {
    this.setAttribute('aria-hidden', 'true');
    this.canvas = el('canvas');
    this.left = el('span', { class: 'minimap-shade' });
    this.right = el('span', { class: 'minimap-shade' });
    this.frame = el('span', { class: 'minimap-frame' });
    this.append(this.canvas, this.left, this.right, this.frame);
    this.addEventListener('pointerdown', (event) => this.begin(event));
    this.addEventListener('pointermove', (event) => this.move(event));
    this.addEventListener('pointerup', (event) => this.end(event));
    this.addEventListener('pointercancel', () => { this.drag = null; });
    this.addEventListener('dblclick', () => this.zoom.whole());
    new ResizeObserver(() => this.draw()).observe(this);
  }

  show(trace, zoom, palette) {
    Object.assign(this, { trace, zoom, palette });
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height, trace, palette } = this;
    if (!trace || width === 0) return;
    const context = fitCanvas(this.canvas, width, height);
    const stride = Math.ceil(trace.count / mostDrawn);
    const thick = Math.min(3, Math.max(1, (height - 4) / trace.count));
    for (let index = 0; index < trace.count; index += 1) {
      if ((index % stride && !trace.failed(index)) || !trace.isTimed(index)) continue;
      const from = (trace.start[index] / this.zoom.total) * width;
      const length = ((trace.duration[index] || 0) / this.zoom.total) * width;
      context.fillStyle = trace.failed(index) ? palette.variable('error') : palette.of(trace.serviceOf(index));
      context.fillRect(from, 2 + (index / trace.count) * (height - 4), Math.max(1, length), thick);
    }
    this.mark();
  }

  mark() {
    const percent = (time) => `${(time / this.zoom.total) * 100}%`;
    const { from, to, total, isWhole } = this.zoom;
    this.left.style.width = percent(from);
    this.right.style.width = percent(total - to);
    this.frame.hidden = isWhole;
    this.frame.style.left = percent(from);
    this.frame.style.width = percent(to - from);
  }

  timeAt(event) {
    const { left, width } = this.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * this.zoom.total;
  }

  begin(event) {
    if (event.button !== 0 || !this.zoom) return;
    const time = this.timeAt(event);
    const { from, to, isWhole } = this.zoom;
    this.drag = { x: event.clientX, time, from, to, moves: !isWhole && time > from && time < to };
    this.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  move(event) {
    if (!this.drag || Math.abs(event.clientX - this.drag.x) < click) return;
    const { time, from, to, moves } = this.drag;
    const now = this.timeAt(event);
    if (moves) this.zoom.set(from + now - time, to + now - time);
    else this.zoom.set(Math.min(time, now), Math.max(time, now));
  }

  end(event) {
    this.move(event);
    this.drag = null;
  }
}

customElements.define('trace-minimap', TraceMinimap);
