// The tags of all spans of a trace, asked for only when somebody groups by one.

const kept = new WeakMap();

const keyOf = (id, isServer) => `${id} ${isServer ? 2 : 1}`;

async function load(trace, get) {
  const spans = await get(`v2/trace/${encodeURIComponent(trace.traceId)}`);
  const bySpan = new Map();
  const counts = new Map();
  for (const { id, shared, tags = {} } of spans) {
    const key = keyOf(id, shared);
    bySpan.set(key, new Map([...Object.entries(tags), ...(bySpan.get(key) ?? [])]));
    for (const name of Object.keys(tags)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const keys = [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)).map(([key]) => key);
  return { keys, valueOf: (index, key) => bySpan.get(keyOf(trace.id[index], trace.side[index] === 2))?.get(key) };
}

/** `keys`, the most frequent first, and `valueOf(index, key)`. */
export async function tagsOfTrace(trace, get) {
  if (!kept.has(trace)) kept.set(trace, await load(trace, get));
  return kept.get(trace);
}
