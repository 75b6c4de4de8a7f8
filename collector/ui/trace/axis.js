// Ticks at round times, as many as there is room for, and what is written beside them.

import { el } from '../dom.js';

const room = 84; // pixels from one tick to the next
const widest = 60; // pixels of a label
const units = [[1, 'ns'], [1e3, 'µs'], [1e6, 'ms'], [1e9, 's'], [60e9, 'min'], [3600e9, 'h']];

function stepFor(span, width) {
  const rough = span / Math.max(1, Math.min(8, Math.floor(width / room)));
  if (rough > 30e9) return [60e9, 120e9, 300e9, 600e9, 1800e9, 3600e9].find((step) => step >= rough) ?? Math.ceil(rough / 3600e9) * 3600e9;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
}

/** As few digits as tell one tick from the next: `1.25 s`. */
function timeLabel(time, step) {
  if (time === 0) return '0';
  const [size, unit] = units.findLast(([scale]) => Math.abs(time) >= scale) ?? units[0];
  const digits = Math.min(9, Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9)));
  return `${Number((time / size).toFixed(digits))}\u00a0${unit}`;
}

/** `[{ time, label }]` of a stretch of time that is so many pixels wide. */
export function ticks(from, to, width) {
  if (!(to > from) || width < 20) return [];
  const step = stepFor(to - from, width);
  const found = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to; index += 1) {
    found.push({ time: index * step, label: timeLabel(index * step, step) });
  }
  return found;
}

/** A label at the right edge stands before its tick; without room there, it is left out. */
export function tickLabels(found, place, width) {
  return found.flatMap(({ time, label }, index) => {
    const x = place(time);
    const isLate = x > width - widest;
    const before = index > 0 ? place(found[index - 1].time) : -Infinity;
    if (isLate && x - before < 2 * widest) return [];
    const tick = el('span', { class: isLate ? 'tick tick-late' : 'tick' }, label);
    tick.style.left = `${x}px`;
    return [tick];
  });
}
