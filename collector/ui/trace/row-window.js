// The rows that are in the document: those in sight, in their order. Scrolling moves elements from one end to the other.

import { Row } from './row.js';

export class RowWindow {
  lines = [];
  spare = [];
  first = 0;

  constructor(layer) {
    this.layer = layer;
  }

  get last() { return this.first + this.lines.length; }

  /** The rows are others now. */
  forget() {
    this.spare.push(...this.lines);
    this.lines = [];
  }

  each(call) {
    this.lines.forEach((line, place) => call(line, this.first + place));
  }

  /** `style`: what rows need to know of the page, their height and colours. */
  show(rows, first, last, style) {
    this.style = style;
    if (last <= this.first || first >= this.last) this.forget();
    if (this.lines.length === 0) this.first = first;
    while (this.first < first) {
      this.spare.push(this.lines.shift());
      this.first += 1;
    }
    while (this.last > last) this.spare.push(this.lines.pop());
    this.fill(rows, first, last);
    for (const line of this.spare) line.element.remove();
  }

  fill(rows, first, last) {
    while (this.first > first) {
      this.first -= 1;
      this.lines.unshift(this.filled(rows, this.first));
      this.layer.prepend(this.lines[0].element);
    }
    while (this.last < last) {
      const line = this.filled(rows, this.last);
      this.lines.push(line);
      this.layer.append(line.element);
    }
  }

  filled(rows, row) {
    const line = this.spare.pop() ?? new Row();
    line.fill(rows, row, this.style);
    return line;
  }
}
