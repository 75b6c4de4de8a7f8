// Which time a search looks at: the last so-many minutes, up to now, or a fixed piece of time.

import { clock, duration, parseDuration } from './format.js';
import { lookbacks } from './widgets.js';

const standard = '1h';

/** Milliseconds of `1h`, or of a number as Zipkin's links have it. */
const milliseconds = (text) => (/^\d+$/.test(text) ? Number(text) : parseDuration(text) / 1000);

/** `{ start, end, lookback, fixed, name }` in ms of the parameters of a hash. */
export function timeRange({ endTs, lookback = '' }, now = Date.now()) {
  const text = lookback || standard;
  const length = milliseconds(text);
  const fixed = /^\d+$/.test(endTs ?? '');
  const end = fixed ? Number(endTs) : now;
  const [, period] = lookbacks.find(([value]) => value === text) ?? [text, duration(length * 1000)];
  return {
    start: end - length, end, lookback: length, fixed, text,
    name: fixed ? `${clock(end - length)} – ${clock(end)}` : `the last ${period.replace(/^1 /, '')}`,
  };
}

/** The parameters of a fixed piece of time. */
export function fixedRange(start, end) {
  const last = Math.ceil(end);
  return { endTs: String(last), lookback: String(Math.max(1, last - Math.floor(start))) };
}

const pad = (number) => String(number).padStart(2, '0');

/** As an input of type datetime-local has it. */
export function localTime(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}
