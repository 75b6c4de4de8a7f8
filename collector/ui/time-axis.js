// Ticks at round times, and the lines below them.

import { el } from './dom.js';
import { duration } from './format.js';

const wanted = 5;

/** Steps of 1, 2 or 5 times a power of ten that give about five ticks. */
function ticks(total) {
  if (!(total > 0)) return [0];
  const rough = total / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough) * power);
  const times = [];
  for (let index = 0; index * step <= total; index += 1) times.push(index * step);
  return times;
}

function placed(element, time, total) {
  element.style.left = `${total > 0 ? (time / total) * 100 : 0}%`;
  return element;
}

export function axis(total) {
  return el('div', { class: 'axis', 'aria-hidden': 'true' }, ticks(total).map((time) => {
    const late = total > 0 && time / total > 0.92;
    return placed(el('span', { class: late ? 'tick tick-late' : 'tick' }, time === 0 ? '0' : duration(time)), time, total);
  }));
}

export const gridlines = (total) => ticks(total).map((time) => placed(el('span', { class: 'gridline' }), time, total));
