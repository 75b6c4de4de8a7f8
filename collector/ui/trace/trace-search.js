// Find in a trace: the collector knows the query language and all attributes, so it says which spans match.

import { get } from '../api.js';
import { Latest } from '../dom.js';

export class TraceSearch {
  request = new Latest();
  query = '';

  /** The spans that match, in the order of the rows, the same list for the same question; null when nothing is looked for. */
  async find(trace, query) {
    const key = `${trace.traceId} ${query}`;
    const signal = this.request.next();
    if (!query) {
      this.found = undefined;
      return null;
    }
    if (this.found?.key !== key) {
      const { spans } = await get(`trace/${encodeURIComponent(trace.traceId)}/find`, { q: query }, signal);
      this.found = { key, trace, matches: placesOf(trace, new Set(spans)) };
    } else if (this.found.trace !== trace) {
      const ids = new Set(this.found.matches.map((index) => this.found.trace.id[index]));
      Object.assign(this.found, { trace, matches: placesOf(trace, ids) });
    }
    return this.found.matches;
  }
}

function placesOf(trace, ids) {
  const places = [];
  for (let index = 0; index < trace.count; index += 1) if (ids.has(trace.id[index])) places.push(index);
  return places;
}

/** The entry of a sorted list after (or before) a place, round about. */
export function nextOf(sorted, place, step) {
  if (sorted.length === 0) return undefined;
  const next = step > 0 ? sorted.find((entry) => entry > place) : sorted.findLast((entry) => entry < place);
  return next ?? (step > 0 ? sorted[0] : sorted.at(-1));
}
