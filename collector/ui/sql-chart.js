// A picture of rows whose first column is a time or a text and whose second is a number.

import { el, svg } from './dom.js';
import { compact, dateTime } from './format.js';

const mostBars = 30;
const mostPoints = 1000;
const width = 1000;
const height = 160;

const isoTime = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/;

/** Milliseconds of a value that reads as a time; NaN of anything else. */
function timeOf(value) {
  if (typeof value === 'string' && isoTime.test(value)) return Date.parse(value.length > 10 ? value.replace(' ', 'T') : `${value}T00:00`);
  if (typeof value !== 'number' || value < 1e9) return Number.NaN;
  const seconds = value / 10 ** (3 * Math.floor((Math.log10(value) - 9) / 3));
  return seconds < 1e10 ? seconds * 1000 : Number.NaN;
}

const short = (value) => (Math.abs(value) >= 10_000 ? compact(Math.round(value)) : String(Number(value.toPrecision(3))));

function lineChart(rows, [, name]) {
  const points = rows.map(([time, value]) => ({ time: timeOf(time), value })).sort((one, other) => one.time - other.time);
  const [first, last] = [points[0].time, points.at(-1).time];
  const high = Math.max(0, ...points.map(({ value }) => value));
  const low = Math.min(0, ...points.map(({ value }) => value));
  const x = ({ time }) => ((time - first) / Math.max(1, last - first)) * width;
  const y = ({ value }) => height - ((value - low) / (high - low || 1)) * height;
  const path = points.map((point, index) => `${index ? 'L' : 'M'}${x(point).toFixed(1)} ${y(point).toFixed(1)}`).join('');
  return el('figure', { class: 'chart line-chart', 'data-testid': 'chart' },
    el('span', { class: 'chart-high' }, short(high)), el('span', { class: 'chart-low' }, short(low)),
    svg('svg', { viewBox: `0 -3 ${width} ${height + 6}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${name} over time, at most ${short(high)}` }, svg('path', { class: 'chart-line', d: path })),
    el('figcaption', {}, el('span', {}, dateTime(first * 1000).slice(0, 19)), el('span', {}, name), el('span', {}, dateTime(last * 1000).slice(0, 19))));
}

function barChart(rows, [, name]) {
  const most = Math.max(...rows.map(([, value]) => Math.abs(value))) || 1;
  const bar = ([label, value]) => {
    const filled = el('span', { class: 'chart-bar' });
    filled.style.width = `${(Math.abs(value) / most) * 100}%`;
    return el('li', {}, el('span', { class: 'chart-label data' }, label === null ? 'NULL' : String(label)), el('span', { class: 'chart-track' }, filled), el('span', { class: 'number' }, short(value)));
  };
  return el('figure', { class: 'chart bar-chart', 'data-testid': 'chart' },
    el('ol', {}, rows.slice(0, mostBars).map(bar)),
    el('figcaption', {}, name, rows.length > mostBars && `, the first ${mostBars} of ${rows.length}`));
}

/** The chart that suits; null when none does. */
export function chartOf({ columns, rows }) {
  if (columns.length < 2 || rows.length < 2 || rows.length > mostPoints) return null;
  if (rows.some(([, value]) => typeof value !== 'number')) return null;
  if (rows.every(([time]) => !Number.isNaN(timeOf(time)))) return lineChart(rows, columns);
  return rows.every(([label]) => typeof label === 'string' || label === null) && !/(^|_)id$/.test(columns[0]) ? barChart(rows, columns) : null;
}
