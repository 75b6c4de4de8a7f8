// The search as it stands in the hash (what people write) and as the API takes it (µs, ms).

import { parseDuration } from './format.js';

export const defaults = { lookback: '1h', limit: '20' };

function lookbackMs(text) {
  if (/^\d+$/.test(text)) return Number(text);
  return parseDuration(text) / 1000;
}

/** Throws a sentence for the reader when a duration cannot be understood. */
export function toQuery(params) {
  const minDuration = parseDuration(params.minDuration ?? '');
  const maxDuration = parseDuration(params.maxDuration ?? '');
  return {
    serviceName: params.serviceName,
    spanName: params.spanName,
    annotationQuery: params.annotationQuery,
    // The API takes an upper bound only together with a lower one.
    minDuration: minDuration ?? (maxDuration && 1),
    maxDuration,
    endTs: Date.now(),
    lookback: lookbackMs(params.lookback || defaults.lookback),
    limit: params.limit || defaults.limit,
  };
}
