// A line of counts, small enough to stand in a row.

import { svg } from './dom.js';

const width = 120;
const height = 24;

export function sparkline(counts, label) {
  const most = Math.max(1, ...counts);
  const x = (index) => ((index + 0.5) / counts.length) * width;
  const y = (count) => height - 1.5 - (count / most) * (height - 4);
  const line = counts.map((count, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(count).toFixed(1)}`).join('');
  return svg('svg', { class: 'sparkline', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    counts.length > 0 && svg('path', { class: 'spark-area', d: `${line}V${height}H${x(0).toFixed(1)}Z` }),
    counts.length > 0 && svg('path', { class: 'spark-line', d: line }));
}
