// Durations (µs), times (µs since 1970) and counts, from and to what people read and write.

const scales = { us: 1, 'µs': 1, 'μs': 1, ms: 1e3, s: 1e6, m: 60e6, min: 60e6, h: 3600e6, d: 86400e6 };
const minute = 60e6;
const hour = 3600e6;

/** Three significant digits: `42 µs`, `1.25 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(us) {
  if (us === undefined || us === null) return '–';
  const short = (value, unit) => `${Number(value.toPrecision(3))}\u00a0${unit}`;
  if (us < 999.5) return short(us, 'µs');
  if (us < 999_500) return short(us / 1e3, 'ms');
  if (us < 59.95e6) return short(us / 1e6, 's');
  const pair = (big, small, bigUnit, smallUnit) => `${big}\u00a0${bigUnit}${small ? ` ${small}\u00a0${smallUnit}` : ''}`;
  const seconds = Math.round(us / 1e6);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), seconds % 60, 'min', 's');
  const minutes = Math.round(us / minute);
  return pair(Math.floor(minutes / 60), minutes % 60, 'h', 'min');
}

export const microseconds = (us) => `${us.toLocaleString('en')} µs`;

/** `200ms` -> 200000; empty -> undefined; anything else throws a sentence for the reader. */
export function parseDuration(text) {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-zµμ]+)$/i.exec(trimmed) ?? [];
  const scale = scales[unit?.toLowerCase()];
  if (typeof scale !== 'number') throw new Error(`“${trimmed}” is not a duration. Write a number and a unit, such as 200ms or 1.5s.`);
  return Math.max(1, Math.round(Number(number) * scale));
}

/** A bare number of µs, as the API takes it, becomes what a person would write; the rest stays. */
export function humanDuration(text = '') {
  if (!/^\d+$/.test(text)) return text;
  const us = Number(text);
  if (us % 1e6 === 0) return `${us / 1e6}s`;
  return us % 1e3 === 0 ? `${us / 1e3}ms` : `${us}us`;
}

export function ago(us, nowUs = Date.now() * 1000) {
  const age = nowUs - us;
  if (Math.abs(age) < 1e6) return 'just now';
  const size = Math.abs(age);
  const text = size < minute ? `${Math.floor(size / 1e6)} s`
    : size < hour ? `${Math.floor(size / minute)} min`
    : size < 48 * hour ? `${Math.floor(size / hour)} h`
    : `${Math.floor(size / 24 / hour)} d`;
  return age > 0 ? `${text} ago` : `in ${text}`;
}

/** Local time to the millisecond: `2026-11-21 02:40:36.123`. */
export function dateTime(us) {
  const date = new Date(us / 1000);
  if (Number.isNaN(date.getTime())) return String(us);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}

export const isoTime = (us) => {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

export const plural = (count, word, words = `${word}s`) =>
  `${count.toLocaleString('en')}\u00a0${count === 1 ? word : words}`;

/** Three digits and a unit of disk: `265 kB`, `1.2 GB`. */
export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))}\u00a0${units[power]}`;
}

/** `1,234` as it is, then `12.3k`, `4.56M`. */
export function compact(count) {
  if (count < 10_000) return count.toLocaleString('en');
  const power = count < 999_500 ? 1 : count < 999_500_000 ? 2 : 3;
  return `${Number((count / 1000 ** power).toPrecision(3))}${'kMG'[power - 1]}`;
}

/** Events a second, or a minute or an hour where that reads better. */
export function rate(perSecond) {
  if (!perSecond) return '0';
  const short = (value) => (value >= 100 ? compact(Math.round(value)) : String(Number(value.toPrecision(2))));
  if (perSecond >= 0.1) return `${short(perSecond)}/s`;
  return perSecond * 60 >= 0.1 ? `${short(perSecond * 60)}/min` : `${short(perSecond * 3600)}/h`;
}

export function percent(part, whole) {
  if (!part || !whole) return '–';
  return `${Number(((part / whole) * 100).toPrecision(2))}\u00a0%`;
}

/** The time of day, with the date when it is not today's. */
export function clock(ms, now = new Date()) {
  const [date, time] = dateTime(ms * 1000).split(' ');
  const short = time?.slice(0, 8) ?? date;
  return new Date(ms).toDateString() === now.toDateString() ? short : `${date} ${short}`;
}
