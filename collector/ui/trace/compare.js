// What tells two traces apart, or one from what is usual for its operation: how often each operation was called
// and how long it worked itself.

import { byOperation, groupSpans, median } from './groups.js';
import { selfTimes } from './times.js';

const nothing = { count: 0, self: 0, errors: 0 };

/** One trace, or the medians of several: sums by operation, and the duration of the whole. */
export function summarize(trace) {
  const operations = new Map();
  for (const group of groupSpans(trace, selfTimes(trace), byOperation(trace))) {
    operations.set(group.key, { count: group.count, self: group.self, errors: group.errors, service: trace.serviceOf(group.first), name: trace.nameOf(group.first) });
  }
  return { operations, total: trace.total, spans: trace.count, errors: trace.errors };
}

/** Of an operation that a trace does not have, the trace counts as zero. */
export function medians(summaries) {
  const all = new Map(summaries.flatMap(({ operations }) => [...operations]));
  const operations = new Map();
  for (const [key, { service, name }] of all) {
    const of = (field) => median(summaries.map((summary) => (summary.operations.get(key) ?? nothing)[field]));
    operations.set(key, { service, name, count: of('count'), self: of('self'), errors: of('errors') });
  }
  const of = (field) => median(summaries.map((summary) => summary[field]));
  return { operations, total: of('total'), spans: of('spans'), errors: of('errors') };
}

/** A row for each operation of either, those that differ most first. `share`: how much of the difference it explains. */
export function differences(left, right) {
  const keys = new Set([...left.operations.keys(), ...right.operations.keys()]);
  const rows = [...keys].map((key) => {
    const [one, other] = [left.operations.get(key) ?? nothing, right.operations.get(key) ?? nothing];
    const { service, name } = left.operations.get(key) ?? right.operations.get(key);
    return { key, service, name, left: one, right: other, self: one.self - other.self, count: one.count - other.count, errors: one.errors - other.errors };
  });
  const moved = rows.reduce((sum, { self }) => sum + Math.abs(self), 0);
  for (const row of rows) row.share = moved > 0 ? Math.abs(row.self) / moved : 0;
  return rows.sort((one, other) => other.share - one.share || Math.abs(other.count) - Math.abs(one.count));
}
