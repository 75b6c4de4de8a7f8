// A trace as columns: one entry per span in each, parents before children and siblings in order of their start,
// so that the spans below span i are those from i + 1 to i + size[i]. Times are nanoseconds since the trace began.

import { childLists, findParents } from './family.js';

export const flag = { error: 1, shared: 2, adjusted: 4, events: 8, links: 16, debug: 32, dropped: 64 };
export const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
export const orphan = { none: 0, missing: 1, loop: 2 };

const columns = (count) => ({
  id: new Array(count),
  parentId: new Array(count),
  name: new Uint32Array(count),
  service: new Uint32Array(count),
  kind: new Uint8Array(count),
  start: new Float64Array(count), // NaN where unknown
  duration: new Float64Array(count), // NaN where unknown
  flags: new Uint16Array(count),
  side: new Uint8Array(count),
  parent: new Int32Array(count), // -1 at the top
  level: new Uint32Array(count), // from 1
  size: new Uint32Array(count), // spans below
  errorsBelow: new Uint32Array(count),
  orphan: new Uint8Array(count),
});

function fill(trace, index, [id, parentId, name, service, kind, start, duration, flags, side]) {
  trace.id[index] = id;
  trace.parentId[index] = parentId;
  trace.name[index] = name;
  trace.service[index] = service;
  trace.kind[index] = kind;
  trace.start[index] = start ?? NaN;
  trace.duration[index] = duration ?? NaN;
  trace.flags[index] = flags;
  trace.side[index] = side;
}

/** Not recursive: traces can be very deep. */
function fillInOrder(trace, rows, { parents, reasons }, { first, next }) {
  const placed = new Int32Array(rows.length);
  const stack = [];
  let index = 0;
  let row = first[rows.length];
  while (row >= 0) {
    fill(trace, index, rows[row]);
    const parent = parents[row] < 0 ? -1 : placed[parents[row]];
    trace.parent[index] = parent;
    trace.level[index] = parent < 0 ? 1 : trace.level[parent] + 1;
    trace.orphan[index] = reasons[row];
    placed[row] = index;
    index += 1;
    if (next[row] >= 0) stack.push(next[row]);
    row = first[row] >= 0 ? first[row] : stack.pop() ?? -1;
  }
}

function sumUp({ count, parent, size, errorsBelow, flags }) {
  for (let index = count - 1; index >= 0; index -= 1) {
    const above = parent[index];
    if (above < 0) continue;
    size[above] += size[index] + 1;
    errorsBelow[above] += errorsBelow[index] + (flags[index] & flag.error);
  }
}

function sums({ count, flags, duration, start, orphan: orphans, level }) {
  const found = { errors: 0, missing: 0, adjusted: 0, depth: 0, end: 0 };
  for (let index = 0; index < count; index += 1) {
    if (flags[index] & flag.error) found.errors += 1;
    if (flags[index] & flag.adjusted) found.adjusted += 1;
    if (orphans[index] === orphan.missing) found.missing += 1;
    if (level[index] > found.depth) found.depth = level[index];
    const end = start[index] + (duration[index] || 0);
    if (end > found.end) found.end = end;
  }
  return found;
}

export class Trace {
  constructor({ traceId, startNs, names, services, spans, truncated, problems }) {
    this.traceId = traceId;
    this.count = spans.length;
    this.names = names;
    this.services = services;
    this.truncated = truncated ?? 0;
    this.problems = problems ?? [];
    Object.assign(this, columns(spans.length));
    const family = findParents(spans, orphan);
    fillInOrder(this, spans, family, childLists(spans, family.parents));
    sumUp(this);
    const found = sums(this);
    Object.assign(this, { errors: found.errors, missing: found.missing, adjusted: found.adjusted, depth: found.depth });
    this.total = found.end;
    this.startNs = startNs && startNs !== '0' ? BigInt(startNs) : undefined; // since 1970
    this.startUs = this.startNs ? Number(this.startNs / 1000n) : undefined;
  }

  nameOf(index) { return this.names[this.name[index]] ?? ''; }
  serviceOf(index) { return this.services[this.service[index]] ?? ''; }
  has(index, bit) { return (this.flags[index] & bit) !== 0; }
  failed(index) { return (this.flags[index] & flag.error) !== 0; }
  isTimed(index) { return !Number.isNaN(this.start[index]); }
  end(index) { return this.start[index] + (this.duration[index] || 0); }

  /** Calls back with each child of a span, in order; -1 asks for the spans at the top. */
  eachChild(index, call) {
    const last = index < 0 ? this.count - 1 : index + this.size[index];
    for (let child = index + 1; child <= last; child += this.size[child] + 1) call(child);
  }

  /** -1 when there is none. */
  find(id, side = 1) {
    let found = -1;
    for (let index = 0; index < this.count; index += 1) {
      if (this.id[index] !== id) continue;
      if (this.side[index] === side) return index;
      if (found < 0) found = index;
    }
    return found;
  }

  failures() {
    const found = [];
    for (let index = 0; index < this.count; index += 1) if (this.failed(index)) found.push(index);
    return found;
  }

  /** Service names with how many spans each has. */
  spansByService() {
    const counts = new Map();
    for (let index = 0; index < this.count; index += 1) {
      const name = this.serviceOf(index);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
