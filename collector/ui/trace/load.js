// A trace by its id, or a sentence that says why there is none.

import { ApiError, get } from '../api.js';
import { Trace } from './model.js';

/** Throws an `ApiError`; its `isGone` says that no span of the trace is stored. */
export async function loadTrace(id, { adjusted = false, signal } = {}) {
  if (!/^[0-9a-f]{1,32}$/.test(id)) throw new ApiError(`“${id}” is not a trace id: it takes 1 to 32 hex digits.`);
  try {
    return new Trace(await get(`trace/${encodeURIComponent(id)}`, { adjust: adjusted || undefined }, signal));
  } catch (error) {
    throw error.status === 404 ? gone(id) : error;
  }
}

const gone = (id) => Object.assign(new ApiError(`No spans of trace ${id} are stored. They may not have arrived yet, `
  + 'may be older than the collector keeps them, or belong to a trace that was not sampled.'), { isGone: true });
