// Who calls whom, drawn. Edges say how often and how many failed; pointing at a service leaves only its neighbours.

import { el, svg } from './dom.js';
import { duration, percent, rate } from './format.js';
import { layOut } from './graph-layout.js';
import { comparing } from './query-terms.js';
import { searchLink } from './route.js';
import { paint, serviceLabel } from './service.js';

const most = 150; // edges drawn
const box = { width: 132, height: 34 };
const size = { across: 290, down: 66 };
const margin = 14;
const leastScale = 0.85; // smaller than that it scrolls

const shorten = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** Where edges of one service fan out, labels stand near the other end, so that they keep clear of each other. */
const nearEnd = 0.6;

/** A point of the curve between two stops. */
function between(one, other, part) {
  const eased = part * part * (3 - 2 * part);
  return { x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * eased };
}

/** From the right side of a box through the bends to the left side of another. */
function curve(points, part) {
  const [first, last] = [points[0], points.at(-1)];
  const stops = [{ x: first.x + box.width, y: first.y + box.height / 2 }, ...points.slice(1, -1).map(({ x, y }) => ({ x: x + box.width / 2, y: y + box.height / 2 })), { x: last.x, y: last.y + box.height / 2 }];
  const pieces = stops.slice(1).map((stop, index) => {
    const half = (stop.x - stops[index].x) / 2;
    return `C${stops[index].x + half} ${stops[index].y} ${stop.x - half} ${stop.y} ${stop.x} ${stop.y}`;
  });
  const at = part < 0.5 ? 0 : stops.length - 2;
  return { path: `M${stops[0].x} ${stops[0].y}${pieces.join('')}`, label: between(stops[at], stops[at + 1], part) };
}

function loop({ x, y }) {
  const right = x + box.width - 24;
  return { path: `M${right} ${y}c-6 -22 26 -22 20 0`, label: { x: right + 10, y: y - 16 } };
}

const fansOut = ({ parent, child }, edges) =>
  edges.filter((one) => one.parent === parent).length > edges.filter((one) => one.child === child).length;

function edgeTitle({ parent, child, callCount, errorCount, p95 }) {
  const failed = errorCount ? `, ${errorCount.toLocaleString('en')} failed` : '';
  return `${serviceLabel(parent)} → ${serviceLabel(child)}: ${callCount.toLocaleString('en')} calls${failed}${p95 ? `, p95 ${duration(p95)}` : ''}`;
}

function drawEdge({ edge, points }, { seconds, busiest, edges }) {
  const { parent, child, callCount, errorCount = 0 } = edge;
  const { path, label } = parent === child ? loop(points[0]) : curve(points, fansOut(edge, edges) ? nearEnd : 1 - nearEnd);
  const line = svg('path', { class: 'edge-line', d: path, 'marker-end': 'url(#arrow)' });
  line.style.strokeWidth = String(1 + 3 * (Math.log1p(callCount) / Math.log1p(busiest)));
  return svg('g', { class: errorCount ? 'edge edge-failed' : 'edge', 'data-from': parent, 'data-to': child, 'data-testid': 'graph-edge' },
    svg('title', {}, edgeTitle(edge)), line,
    svg('text', { class: 'edge-label', x: label.x, y: label.y - 5 }, rate(callCount / seconds),
      errorCount > 0 && svg('tspan', { class: 'edge-errors' }, ` ${percent(errorCount, callCount)}`)));
}

function drawNode(name, { x, y }, lookback) {
  const node = svg('a', { class: 'node', href: searchLink({ q: comparing('service', ':', name), lookback }), 'data-service': name, 'data-testid': 'graph-node' },
    svg('title', {}, serviceLabel(name)),
    svg('rect', { class: 'node-box', x, y, width: box.width, height: box.height, rx: 5 }),
    svg('rect', { class: 'node-mark', x: x + 9, y: y + 12, width: 10, height: 10, rx: 2 }),
    svg('text', { class: 'node-name', x: x + 26, y: y + 22 }, shorten(serviceLabel(name), 15)));
  return paint(node, name);
}

const arrow = () => svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' }, svg('path', { class: 'arrow', d: 'M0 0.5L8 4L0 7.5Z' })));

/** Dims what does not touch the service; null: nothing. */
function highlight(picture, name) {
  picture.classList.toggle('has-highlight', name !== null);
  const near = new Set([name]);
  for (const edge of picture.querySelectorAll('.edge')) {
    const touches = edge.dataset.from === name || edge.dataset.to === name;
    edge.classList.toggle('lit', touches);
    if (touches) near.add(edge.dataset.from).add(edge.dataset.to);
  }
  for (const node of picture.querySelectorAll('.node')) node.classList.toggle('lit', near.has(node.dataset.service));
}

export function dependencyGraph(links, { seconds, lookback }) {
  const drawn = links.slice(0, most);
  const { nodes, edges, width, height } = layOut(drawn, size);
  const view = { width: width + box.width + 2 * margin, height: height + box.height + 2 * margin + 10 };
  const context = { seconds, edges: drawn, busiest: Math.max(...drawn.map(({ callCount }) => callCount)) };
  const picture = svg('svg', { class: 'graph', role: 'group', 'aria-label': 'Services and their calls; the table below says the same', viewBox: `${-margin} ${-margin - 10} ${view.width} ${view.height}`, width: view.width, height: view.height, 'data-testid': 'graph' },
    arrow(), edges.map((edge) => drawEdge(edge, context)), [...nodes].map(([name, place]) => drawNode(name, place, lookback)));
  picture.style.minWidth = `${view.width * leastScale}px`;
  const over = ({ target }) => highlight(picture, target.closest('.node')?.dataset.service ?? null);
  for (const type of ['pointerover', 'focusin']) picture.addEventListener(type, over);
  for (const type of ['pointerleave', 'focusout']) picture.addEventListener(type, () => highlight(picture, null));
  return el('figure', { class: 'graph-frame', tabindex: '0', 'aria-label': 'Picture of the dependencies' }, picture,
    links.length > most && el('figcaption', { class: 'muted' }, `Only the ${most} busiest of ${links.length} links are drawn; the table has all.`));
}
