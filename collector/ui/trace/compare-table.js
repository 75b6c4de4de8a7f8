// The operations of two traces beside each other, with a bar for what each contributes to the difference.

import { el } from '../dom.js';
import { paint, serviceLabel } from '../service.js';
import { time } from './row.js';

const number = (value) => (Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(1));
const signed = (value, text) => (value === 0 ? '±0' : `${value > 0 ? '+' : '−'}${text(Math.abs(value))}`);
const head = (text, span) => el('th', { scope: 'col', class: 'number', colspan: span }, text);
const count = ({ count: calls, errors }) => [number(calls), errors > 0 && el('span', { class: 'failed-count' }, ` ${number(errors)} failed`)];

function differenceBar(row, most) {
  const bar = el('span', { class: row.self > 0 ? 'slower' : 'faster' });
  bar.style.width = `${most > 0 ? (Math.abs(row.self) / most) * 50 : 0}%`;
  return el('span', { class: 'difference-bar', 'aria-hidden': 'true' }, bar);
}

function tableRow(row, most) {
  const isSame = Math.abs(row.self) < 1000 && row.count === 0 && row.errors === 0;
  const state = isSame ? 'same' : row.left.count === 0 ? 'gone' : row.right.count === 0 ? 'new' : '';
  return paint(el('tr', { class: state, 'data-testid': 'difference-row' },
    el('th', { scope: 'row' }, el('span', { class: 'operation data' },
      el('span', { class: 'stripe' }), el('span', {}, row.name || '(no name)'), el('span', { class: 'span-service' }, serviceLabel(row.service)),
      state === 'new' && el('span', { class: 'badge' }, 'only in A'), state === 'gone' && el('span', { class: 'badge' }, 'only in B'))),
    el('td', { class: 'number' }, signed(row.self, time)), el('td', { class: 'difference' }, differenceBar(row, most)),
    el('td', { class: 'number' }, time(row.left.self)), el('td', { class: 'number' }, time(row.right.self)),
    el('td', { class: 'number' }, signed(row.count, number)),
    el('td', { class: 'number' }, count(row.left)), el('td', { class: 'number' }, count(row.right))), row.service);
}

export function compareTable(rows) {
  const most = rows.reduce((so, { self }) => Math.max(so, Math.abs(self)), 0);
  const area = { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Differences by operation' };
  return el('div', area, el('table', { class: 'groups compared', 'data-testid': 'compare-table' },
    el('thead', {},
      el('tr', {}, el('td', {}), el('th', { scope: 'colgroup', colspan: 4 }, 'Self time'), el('th', { scope: 'colgroup', colspan: 3 }, 'Calls')),
      el('tr', {}, el('th', { scope: 'col' }, 'Operation'), head('A − B', 2), head('A'), head('B'), head('A − B'), head('A'), head('B'))),
    el('tbody', {}, rows.slice(0, 1000).map((row) => tableRow(row, most)))));
}

/** What explains most of it, as a sentence. */
export function verdict(left, right, rows) {
  const by = left.total - right.total;
  const [top] = rows;
  const isAlike = Math.abs(by) < Math.max(left.total, right.total) * 0.02;
  const text = isAlike ? 'Both took about as long.' : `A took ${time(Math.abs(by))} ${by > 0 ? 'longer' : 'less'} than B.`;
  if (!top || top.share < 0.1) return [text];
  const calls = top.count !== 0 ? `, called ${number(top.left.count)} times instead of ${number(top.right.count)}` : '';
  return [text, ` ${Math.round(top.share * 100)} % of what differs is `,
    el('strong', { class: 'data' }, top.name || '(no name)'), ' of ', el('span', { class: 'data' }, serviceLabel(top.service)),
    `: ${signed(top.self, time)} of its own time${calls}.`];
}
