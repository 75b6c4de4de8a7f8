// The stretch of time that is shown, in nanoseconds since the trace began.

const smallest = 100; // nanoseconds that still fill the width

export class Zoom extends EventTarget {
  reset(total) {
    this.total = Math.max(total, smallest); // instants have no width
    this.from = 0;
    this.to = this.total;
  }

  get width() { return this.to - this.from; }
  get isWhole() { return this.from <= 0 && this.to >= this.total; }

  set(from, to) {
    const width = Math.min(this.total, Math.max(Math.min(smallest, this.total), to - from));
    const start = Math.min(Math.max(0, from), this.total - width);
    if (start === this.from && start + width === this.to) return;
    this.from = start;
    this.to = start + width;
    this.dispatchEvent(new Event('change'));
  }

  /** Keeps the moment `at` (a share of the width) where it is. */
  by(factor, at = 0.5) {
    const width = this.width * factor;
    const from = this.from + (this.width - width) * at;
    this.set(from, from + width);
  }

  pan(share) {
    const by = Math.min(Math.max(this.width * share, -this.from), this.total - this.to);
    this.set(this.from + by, this.to + by);
  }

  whole() { this.set(0, this.total); }

  /** Around a span, with some room beside it. */
  around(from, to) {
    const margin = Math.max((to - from) * 0.1, smallest);
    this.set(from - margin, to + margin);
  }

  share(time) { return (time - this.from) / this.width; }

  toString() { return this.isWhole ? '' : `${Math.round(this.from)}-${Math.round(this.to)}`; }

  /** Of a link: `1000-2000`; anything else is the whole trace. */
  parse(text) {
    const [, from, to] = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? '') ?? [];
    if (from !== undefined && Number(to) > Number(from)) this.set(Number(from), Number(to));
    else this.whole();
  }
}
