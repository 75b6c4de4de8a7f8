// Sums over the spans that share a service, an operation or the value of a tag.

/** Of sorted numbers; 0 where there are none. */
export function quantile(sorted, share) {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** `keyOf(index)` names the group of a span; undefined leaves it out. */
export function groupSpans(trace, self, keyOf) {
  const groups = new Map();
  for (let index = 0; index < trace.count; index += 1) {
    const key = keyOf(index);
    if (key === undefined) continue;
    if (!groups.has(key)) groups.set(key, { key, first: index, count: 0, errors: 0, total: 0, self: 0, durations: [] });
    const group = groups.get(key);
    group.count += 1;
    group.errors += trace.failed(index) ? 1 : 0;
    group.total += trace.duration[index] || 0;
    group.self += self[index];
    group.durations.push(trace.duration[index] || 0);
  }
  return [...groups.values()].map(({ durations, ...group }) => {
    durations.sort((one, other) => one - other);
    return { ...group, average: group.total / group.count, p95: quantile(durations, 0.95), longest: durations.at(-1) };
  });
}

export const byService = (trace) => (index) => trace.serviceOf(index);
export const byOperation = (trace) => (index) => `${trace.serviceOf(index)}\n${trace.nameOf(index)}`;
