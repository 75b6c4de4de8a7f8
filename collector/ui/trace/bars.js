// Paints the bars of the rows that are visible. Reads everything from the trace, keeps nothing.

import { flag } from './model.js';

const thinnest = 2; // pixels of a bar
const mostOfFold = 2000; // members whose part of the critical path is drawn

/** A canvas that is as sharp as the screen; the size is looked up by whoever knows when it changes. */
export function fitCanvas(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** From and to, in pixels, or undefined when none of it is in the window. */
function stretch({ zoom, width }, from, to) {
  const left = zoom.share(from) * width;
  const right = zoom.share(to) * width;
  if (right < 0 || left > width) return undefined;
  return [Math.max(-4, left), Math.min(width + 4, right)];
}

function instant(context, x, top, height) {
  const middle = top + height / 2;
  const size = Math.min(5, height / 2);
  context.beginPath();
  context.moveTo(x, middle - size);
  context.lineTo(x + size, middle);
  context.lineTo(x, middle + size);
  context.lineTo(x - size, middle);
  context.fill();
}

function spanBar(context, scene, index, top, height) {
  const { trace, palette } = scene;
  if (!trace.isTimed(index)) return;
  const found = stretch(scene, trace.start[index], trace.end(index));
  if (!found) return;
  const [left, right] = found;
  context.fillStyle = trace.failed(index) ? palette.variable('error') : palette.of(trace.serviceOf(index));
  if (!(trace.duration[index] > 0)) return instant(context, Math.min(Math.max(left, 5), scene.width - 5), top, height);
  context.beginPath();
  context.roundRect(left, top, Math.max(thinnest, right - left), height, 2);
  context.fill();
  if (trace.has(index, flag.adjusted)) outline(context, scene, left, Math.max(thinnest, right - left), top, height);
}

/** A dashed frame says that the span was moved. */
function outline(context, { palette }, left, width, top, height) {
  context.strokeStyle = palette.variable('ink');
  context.setLineDash([3, 2]);
  context.strokeRect(left - 1.5, top - 1.5, width + 3, height + 3);
  context.setLineDash([]);
}

/** All members on one line; those that would paint the same pixel again are passed over. */
function foldBars(context, scene, fold, top, height) {
  const { trace, palette } = scene;
  context.fillStyle = palette.of(trace.serviceOf(fold.first));
  let reached = -Infinity;
  for (const index of fold.members) {
    const found = trace.isTimed(index) && !trace.failed(index) && stretch(scene, trace.start[index], trace.end(index));
    if (!found || found[1] < reached + 0.5) continue;
    const left = Math.max(found[0], reached);
    reached = Math.max(found[1], left + 1);
    context.fillRect(left, top + height * 0.2, Math.max(1, reached - left - (reached - left > 3 ? 1 : 0)), height * 0.6);
  }
  if (fold.errors) failedMembers(context, scene, fold, top, height);
}

function failedMembers(context, scene, fold, top, height) {
  context.fillStyle = scene.palette.variable('error');
  for (const index of fold.members) {
    const found = scene.trace.failed(index) && stretch(scene, scene.trace.start[index], scene.trace.end(index));
    if (found) context.fillRect(found[0], top, Math.max(thinnest, found[1] - found[0]), height);
  }
}

/** A line through the bar's lower edge wherever the trace waited for this span. */
function pathLine(context, scene, index, top, height) {
  const stretches = scene.path?.get(index);
  if (!stretches) return;
  context.fillStyle = scene.palette.variable('ink');
  for (let place = 0; place < stretches.length; place += 2) {
    const found = stretch(scene, stretches[place], stretches[place + 1]);
    if (found) context.fillRect(found[0], top + height - 2, Math.max(1, found[1] - found[0]), 3);
  }
}

/** Where bars stand below the names, lines that go through would strike the names out. */
function gridlines(context, { palette, height, zoom, width, ticks, first, last, rowHeight, barTop, barHeight, offset, isStacked }) {
  context.fillStyle = palette.variable('line');
  for (const { time } of ticks) {
    const x = Math.round(zoom.share(time) * width);
    if (!isStacked) context.fillRect(x, 0, 1, height);
    else for (let row = first; row < last; row += 1) context.fillRect(x, row * rowHeight - offset + barTop - 2, 1, barHeight + 4);
  }
}

/**
 * `scene`: trace, rows, zoom, palette, path, ticks, width and height of the canvas, `first` and `last` row,
 * `offset` of the first pixel, `rowHeight`, `barTop`, `barHeight`, and
 * `isStacked` when bars stand below the names.
 */
export function paintBars(canvas, scene) {
  const context = fitCanvas(canvas, scene.width, scene.height);
  gridlines(context, scene);
  for (let row = scene.first; row < scene.last; row += 1) {
    const top = row * scene.rowHeight - scene.offset + scene.barTop;
    const fold = scene.rows.foldAt(row);
    context.globalAlpha = scene.marked && !scene.marked.has(scene.rows.items[row]) ? 0.3 : 1;
    if (fold) foldBars(context, scene, fold, top, scene.barHeight);
    else spanBar(context, scene, scene.rows.items[row], top, scene.barHeight);
    for (const index of fold ? fold.members.slice(0, mostOfFold) : [scene.rows.items[row]]) pathLine(context, scene, index, top, scene.barHeight);
  }
  context.globalAlpha = 1;
}
