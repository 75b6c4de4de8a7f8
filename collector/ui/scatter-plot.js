// Traces as dots: when they began, and how long they took on a logarithmic scale. Announces `narrow` with the
// piece that was dragged over, and `open` with the id of the trace that was chosen.

import { el, svg, Widget } from './dom.js';
import { clock, duration, plural } from './format.js';

const width = 1000; // of the drawing, which stretches to the room it gets
const height = 100;
const margin = 0.03; // of the width, in front of the first
const near = 14; // pixels between the pointer and what it points at

const dots = (points) => points.map(({ x, y }) => `M${(x * width).toFixed(1)} ${(y * height).toFixed(1)}h0`).join('');

/** Powers of ten around the durations, at least a factor of ten apart. */
function scaleOf(durations) {
  const low = Math.floor(Math.log10(Math.max(1, Math.min(...durations))));
  const high = Math.ceil(Math.log10(Math.max(1, ...durations) * 1.05));
  return { low, high: Math.max(high, low + 1) };
}

class ScatterPlot extends Widget {
  points = [];
  cursor = -1;

  build() {
    this.good = svg('path', { class: 'dots' });
    this.bad = svg('path', { class: 'dots dots-failed' });
    this.here = svg('path', { class: 'dots dots-here' });
    this.band = el('div', { class: 'scatter-band', hidden: true });
    this.ticks = el('div', { class: 'scatter-ticks', 'aria-hidden': 'true' });
    this.said = el('output', { class: 'scatter-said', 'data-testid': 'scatter-said' });
    this.area = el('div', {
      class: 'scatter-area', tabindex: '0', role: 'application', 'aria-roledescription': 'scatter plot', 'data-testid': 'scatter',
      onpointerdown: (event) => this.press(event), onpointermove: (event) => this.move(event), onpointerup: (event) => this.release(event),
      onpointercancel: () => this.drop(), onpointerleave: () => this.drag || this.point(-1), onkeydown: (event) => this.key(event), onblur: () => this.drop(),
    }, this.ticks, svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, this.good, this.bad, this.here), this.band);
    this.append(this.area, this.said);
  }

  /** Rows of `[startUs, durationUs, errors, traceId]` in the time from `start` to `end` (ms), drawn from the first of them on. */
  draw(rows, { start, end }) {
    const drawn = rows.filter(([time]) => Number.isFinite(time));
    this.hidden = drawn.length < 2;
    if (this.hidden) return;
    const first = Math.min(...drawn.map(([time]) => time / 1000));
    this.range = { start: Math.max(start, first - (end - first) * margin), end };
    this.scale = scaleOf(drawn.map(([, us]) => us ?? 1));
    this.points = drawn.map(([time, us, errors, id]) => ({ time, us, errors, id, x: this.xOf(time / 1000), y: this.yOf(us ?? 1) }))
      .sort((one, other) => one.time - other.time);
    this.good.setAttribute('d', dots(this.points.filter(({ errors }) => !errors)));
    this.bad.setAttribute('d', dots(this.points.filter(({ errors }) => errors)));
    this.drop();
    this.drawTicks();
    const failed = this.points.filter(({ errors }) => errors).length;
    this.area.setAttribute('aria-label', `Durations over time of ${plural(this.points.length, 'trace')}, ${failed} with errors. Arrow keys go from trace to trace.`);
  }

  xOf(ms) {
    const { start, end } = this.range;
    return Math.min(1, Math.max(0, (ms - start) / Math.max(1, end - start)));
  }

  yOf(us) {
    const { low, high } = this.scale;
    return 1 - (Math.log10(Math.max(1, us)) - low) / (high - low);
  }

  timeAt(x) {
    return this.range.start + x * (this.range.end - this.range.start);
  }

  durationAt(y) {
    const { low, high } = this.scale;
    return 10 ** (low + (1 - y) * (high - low));
  }

  drawTicks() {
    const { low, high } = this.scale;
    const step = Math.ceil((high - low) / 4);
    const ticks = [];
    for (let power = low; power <= high; power += step) {
      const tick = el('span', { class: 'scatter-tick-y' }, duration(10 ** power));
      tick.style.top = `${this.yOf(10 ** power) * 100}%`;
      ticks.push(tick);
    }
    for (const share of [0, 0.5, 1]) {
      const tick = el('span', { class: 'scatter-tick-x' }, clock(this.timeAt(share)));
      tick.style.left = `${share * 100}%`;
      tick.style.transform = `translateX(${-share * 100}%)`;
      ticks.push(tick);
    }
    this.ticks.replaceChildren(...ticks);
  }

  place(event) {
    const box = this.area.getBoundingClientRect();
    const share = (value) => Math.min(1, Math.max(0, value));
    return { box, x: share((event.clientX - box.left) / box.width), y: share((event.clientY - box.top) / box.height) };
  }

  nearest({ box, x, y }) {
    let best = -1;
    let least = near ** 2;
    this.points.forEach((point, index) => {
      const distance = ((point.x - x) * box.width) ** 2 + ((point.y - y) * box.height) ** 2;
      if (distance < least) [best, least] = [index, distance];
    });
    return best;
  }

  point(index) {
    this.cursor = index;
    const point = this.points[index];
    this.here.setAttribute('d', point ? dots([point]) : '');
    this.area.classList.toggle('at-dot', Boolean(point));
    this.say(point ? `${duration(point.us ?? undefined)} at ${clock(point.time / 1000)}${point.errors ? `, ${plural(point.errors, 'error')}` : ''}` : '');
  }

  say(text) {
    this.said.textContent = text;
  }

  press(event) {
    if (event.button !== 0) return;
    this.drag = this.place(event);
    this.area.setPointerCapture(event.pointerId);
  }

  move(event) {
    const place = this.place(event);
    if (!this.drag) {
      this.point(this.nearest(place));
      return;
    }
    this.mark(this.drag, place);
  }

  /** A flat or narrow rectangle means only a time or only durations. */
  mark(one, other) {
    const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)];
    const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)];
    const onlyTime = (bottom - top) * one.box.height < 12;
    this.chosen = { left, right, top: onlyTime ? 0 : top, bottom: onlyTime ? 1 : bottom, onlyTime };
    this.band.hidden = (right - left) * one.box.width < 4;
    Object.assign(this.band.style, { left: `${left * 100}%`, width: `${(right - left) * 100}%`, top: `${this.chosen.top * 100}%`, height: `${(this.chosen.bottom - this.chosen.top) * 100}%` });
    this.say(`${clock(this.timeAt(left))} – ${clock(this.timeAt(right))}${onlyTime ? '' : `, ${duration(this.durationAt(bottom))} – ${duration(this.durationAt(top))}`}`);
  }

  release(event) {
    if (!this.drag) return;
    const dragged = !this.band.hidden;
    const index = this.nearest(this.place(event));
    if (dragged) this.narrow();
    else if (index >= 0) this.open(index);
    this.drop();
  }

  drop() {
    this.drag = null;
    this.chosen = null;
    this.anchor = undefined;
    this.band.hidden = true;
    this.point(-1);
  }

  open(index) {
    this.dispatchEvent(new CustomEvent('open', { detail: this.points[index].id }));
  }

  narrow() {
    const { left, right, top, bottom, onlyTime } = this.chosen;
    const detail = { start: this.timeAt(left), end: this.timeAt(right), ...(onlyTime ? {} : { min: Math.floor(this.durationAt(bottom)), max: Math.ceil(this.durationAt(top)) }) };
    this.dispatchEvent(new CustomEvent('narrow', { detail }));
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) this.step(step, event.shiftKey);
    else if (event.key === 'Enter' && this.chosen) this.narrow();
    else if (event.key === 'Enter' && this.cursor >= 0) this.open(this.cursor);
    else if (event.key === 'Escape' && this.cursor >= 0) this.drop();
    else return;
    event.preventDefault();
  }

  step(step, extending) {
    const from = this.cursor < 0 ? (step > 0 ? -1 : this.points.length) : this.cursor;
    const to = Math.min(this.points.length - 1, Math.max(0, from + step));
    this.anchor = extending ? this.anchor ?? Math.max(0, this.cursor) : undefined;
    this.point(to);
    this.band.hidden = true;
    this.chosen = null;
    if (extending) this.mark({ ...this.points[this.anchor], y: 0.5, box: this.area.getBoundingClientRect() }, { x: this.points[to].x, y: 0.5 });
  }
}

customElements.define('scatter-plot', ScatterPlot);
