// Where the time of a trace went: the self time of each span, and the path that decided how long it took.

/** Nanoseconds of each span in which none of its children ran. */
export function selfTimes(trace) {
  const self = new Float64Array(trace.count);
  for (let index = 0; index < trace.count; index += 1) {
    const { start, duration } = trace;
    if (!(duration[index] > 0)) continue;
    const end = trace.end(index);
    let cursor = start[index];
    let covered = 0;
    trace.eachChild(index, (child) => {
      const from = Math.max(start[child], cursor);
      const to = Math.min(trace.end(child), end);
      if (to > from) {
        covered += to - from;
        cursor = to;
      }
    });
    self[index] = Math.max(0, duration[index] - covered);
  }
  return self;
}

function childrenByEnd(trace, index) {
  const children = [];
  trace.eachChild(index, (child) => { if (trace.duration[child] > 0 && trace.isTimed(child)) children.push(child); });
  return children.sort((one, other) => trace.end(other) - trace.end(one));
}

/**
 * Backwards from the end: whatever ended last before the moment looked at is what was waited for. Gives for each
 * span on the path its stretches `[from, to, from, to, …]`, and counts what ran beyond its parent only up to its end.
 */
export function criticalPath(trace) {
  const path = new Map();
  const root = longestRoot(trace);
  const stack = root < 0 ? [] : [[root, trace.end(root)]];
  while (stack.length > 0) {
    const [index, until] = stack.pop();
    const stretches = [];
    let cursor = until;
    for (const child of childrenByEnd(trace, index)) {
      const end = Math.min(trace.end(child), until);
      if (end > cursor || trace.start[child] >= end || end <= trace.start[index]) continue;
      if (cursor > end) stretches.push(end, cursor);
      stack.push([child, end]);
      cursor = Math.max(trace.start[child], trace.start[index]);
    }
    if (cursor > trace.start[index]) stretches.push(trace.start[index], cursor);
    path.set(index, stretches);
  }
  return path;
}

/** The first span at the top, unless it has no duration. */
function longestRoot(trace) {
  let found = -1;
  trace.eachChild(-1, (index) => {
    if (!(trace.duration[index] > 0)) return;
    if (found < 0 || (trace.orphan[found] && !trace.orphan[index])) found = index;
  });
  return found;
}
