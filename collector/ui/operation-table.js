// The operations of services as a table, with a row for each service above those of its operations.

import { el } from './dom.js';
import { compact, duration, percent, rate } from './format.js';
import { comparing } from './query-terms.js';
import { searchLink } from './route.js';
import { paint, serviceLabel } from './service.js';
import { sparkline } from './sparkline.js';

const columns = {
  name: ['Service and operation', ({ name }) => name, 1],
  rate: ['Rate', ({ count }) => count, -1],
  errors: ['Errors', ({ count, errors }) => (count ? errors / count : 0), -1],
  p50: ['p50', ({ p50 }) => p50 ?? -1, -1],
  p95: ['p95', ({ p95 }) => p95 ?? -1, -1],
  p99: ['p99', ({ p99 }) => p99 ?? -1, -1],
};

function compare(sort) {
  const [, value, direction] = columns[sort] ?? columns.rate;
  return (one, other) => {
    const [a, b] = [value(one), value(other)];
    return (a < b ? -1 : a > b ? 1 : 0) * direction;
  };
}

const slowest = (operations, key) => operations.reduce((most, operation) => (operation[key] > (most ?? -1) ? operation[key] : most), null);

/** A service is the sum of its operations; quantiles cannot be added, so it shows its slowest operation's. */
function sumUp(service, operations) {
  const sum = (key) => operations.reduce((total, operation) => total + operation[key], 0);
  const length = Math.max(...operations.map(({ sparkline: line }) => line.length));
  const line = Array.from({ length }, (_, index) => operations.reduce((total, operation) => total + (operation.sparkline[index] ?? 0), 0));
  return {
    service, name: serviceLabel(service), operations, count: sum('count'), errors: sum('errors'), perSecond: sum('perSecond'), sparkline: line,
    p50: slowest(operations, 'p50'), p95: slowest(operations, 'p95'), p99: slowest(operations, 'p99'),
  };
}

function grouped(operations, sort) {
  const byService = Map.groupBy(operations.map((one) => ({ ...one, name: one.operation })), ({ service }) => service);
  const order = compare(sort);
  return [...byService].map(([service, list]) => sumUp(service, list.sort(order))).sort(order);
}

function cells(entry, { terms, lookback, upTo, minutes }) {
  const to = (added, sort) => searchLink({ q: [...terms, ...added].join(' '), lookback, sort });
  const time = (key) => el('td', { class: 'number', 'data-label': key }, entry[key] === null || entry[key] === undefined ? '–'
    : upTo ? el('span', { class: 'muted', title: 'of its slowest operation' }, `≤ ${duration(entry[key])}`)
      : el('a', { class: 'plain', href: to([`duration>=${entry[key]}us`], 'longest'), title: 'Traces with spans that took at least so long' }, duration(entry[key])));
  return [
    el('td', { class: 'spark-cell' }, sparkline(entry.sparkline, `spans of every ${minutes === 1 ? 'minute' : `${minutes} minutes`}, at most ${Math.max(0, ...entry.sparkline)}`)),
    el('td', { class: 'number', title: `${entry.count.toLocaleString('en')} spans`, 'data-label': 'rate' }, rate(entry.perSecond)),
    el('td', { class: entry.errors ? 'number errors failed' : 'number errors', 'data-label': 'errors' }, entry.errors
      ? el('a', { href: to(['error']), title: `${compact(entry.errors)} of ${compact(entry.count)} spans` }, percent(entry.errors, entry.count)) : '–'),
    time('p50'), time('p95'), time('p99'),
  ];
}

function serviceBody(sum, context) {
  const terms = [comparing('service', ':', sum.service)];
  const shared = { ...context, terms };
  return el('tbody', {},
    el('tr', { class: 'service-row', 'data-testid': 'service-row' },
      el('th', { scope: 'rowgroup' }, paint(el('a', { class: 'service-link data', href: searchLink({ q: terms[0], lookback: context.lookback }) }, sum.name), sum.service)),
      cells(sum, { ...shared, upTo: true })),
    sum.operations.map((entry) => {
      const own = [...terms, comparing('name', ':', entry.operation)];
      return el('tr', { 'data-testid': 'operation-row' },
        el('th', { scope: 'row' }, el('a', { class: 'plain data', href: searchLink({ q: own.join(' '), lookback: context.lookback }) }, entry.operation || '(no name)')),
        cells(entry, { ...shared, terms: own }));
    }));
}

function head(key, sort, choose) {
  const [label, , direction] = columns[key];
  const sorted = (columns[sort] ? sort : 'rate') === key;
  return el('th', { scope: 'col', class: key === 'name' ? undefined : 'number', 'aria-sort': sorted ? (direction > 0 ? 'ascending' : 'descending') : undefined },
    el('button', { type: 'button', class: 'sort-button', 'data-testid': `sort-${key}`, onclick: () => choose(key) }, label));
}

export function operationTable({ operations, sparklineMinutes, sort, lookback, choose }) {
  const context = { lookback, minutes: sparklineMinutes };
  const [name, ...others] = Object.keys(columns).map((key) => head(key, sort, choose));
  return el('div', { class: 'table-scroll' }, el('table', { class: 'list operations' },
    el('caption', { class: 'visually-hidden' }, 'Rate, errors and durations of operations'),
    el('thead', {}, el('tr', {}, name, el('th', { scope: 'col' }, 'Over time'), others)),
    grouped(operations, sort).map((sum) => serviceBody(sum, context))));
}
