// Which rows the waterfall shows: all spans, less what is collapsed, folded or filtered out.
// A row is a span (its index) or a fold (its number, inverted, so that it is negative).

import { findFolds } from './folds.js';

export class Rows {
  collapsed = new Set();
  opened = new Set(); // folds that show their members
  isFolding = true;
  matches = null; // spans to show, with their ancestors; null shows all

  constructor(trace, self) {
    this.trace = trace;
    const { folds, foldOf } = findFolds(trace, self);
    this.folds = folds;
    this.foldOf = foldOf;
    this.rowOf = new Int32Array(trace.count);
    this.layOut();
  }

  get count() { return this.items.length; }
  get foldsNow() { return this.isFolding && !this.shown; }
  foldAt(row) { return this.items[row] < 0 ? this.folds[~this.items[row]] : undefined; }

  /** Not recursive: traces can be very deep. */
  layOut() {
    this.shown = this.matches && this.withAncestors(this.matches);
    this.items = [];
    this.levels = [];
    this.positions = [];
    this.siblings = [];
    this.rowOf.fill(-1);
    const stack = [];
    this.push(stack, this.childrenOf(-1), 1);
    while (stack.length > 0) {
      const [item, level, position, siblings] = stack.pop();
      if (item >= 0) this.rowOf[item] = this.items.length;
      this.items.push(item);
      this.levels.push(level);
      this.positions.push(position);
      this.siblings.push(siblings);
      this.push(stack, this.below(item), level + 1);
    }
  }

  push(stack, items, level) {
    for (let place = items.length - 1; place >= 0; place -= 1) stack.push([items[place], level, place + 1, items.length]);
  }

  below(item) {
    if (item < 0) return this.opened.has(~item) ? this.folds[~item].members : [];
    return this.trace.size[item] === 0 || this.collapsed.has(item) ? [] : this.childrenOf(item);
  }

  childrenOf(parent) {
    const items = [];
    this.trace.eachChild(parent, (child) => {
      if (this.shown && !this.shown[child]) return;
      const fold = this.foldsNow ? this.foldOf[child] : -1;
      if (fold < 0) items.push(child);
      else if (this.folds[fold].members[0] === child) items.push(~fold);
    });
    return items;
  }

  withAncestors(matches) {
    const shown = new Uint8Array(this.trace.count);
    for (const match of matches) {
      for (let index = match; index >= 0 && !shown[index]; index = this.trace.parent[index]) shown[index] = 1;
    }
    return shown;
  }

  /** Spans, and the folds that hold some of them. */
  withFolds(spans) {
    const items = new Set(spans);
    for (const span of spans) if (this.foldOf[span] >= 0) items.add(~this.foldOf[span]);
    return items;
  }

  isExpandable(row) {
    const item = this.items[row];
    return item < 0 || this.trace.size[item] > 0;
  }

  isOpen(row) {
    const item = this.items[row];
    return item < 0 ? this.opened.has(~item) : this.trace.size[item] > 0 && !this.collapsed.has(item);
  }

  setOpen(row, open) {
    const item = this.items[row];
    const closed = item < 0 ? !open : open;
    const set = item < 0 ? this.opened : this.collapsed;
    if (closed) set.delete(item < 0 ? ~item : item);
    else set.add(item < 0 ? ~item : item);
    this.layOut();
  }

  /** Opens what hides a span; false when a filter does. */
  uncover(span) {
    if (this.rowOf[span] >= 0) return true;
    if (this.shown && !this.shown[span]) return false;
    for (let index = span; index >= 0; index = this.trace.parent[index]) {
      if (index !== span) this.collapsed.delete(index);
      if (this.foldOf[index] >= 0) this.opened.add(this.foldOf[index]);
    }
    this.layOut();
    return true;
  }

  collapseAll() {
    const { trace } = this;
    for (let index = 0; index < trace.count; index += 1) if (trace.size[index] > 0) this.collapsed.add(index);
    // The root of a deep trace stays open: a single row would say nothing.
    let children = 0;
    trace.eachChild(0, () => { children += 1; });
    if (trace.count > 0 && trace.size[0] > children) this.collapsed.delete(0);
    this.opened.clear();
    this.layOut();
  }

  expandAll() {
    this.collapsed.clear();
    this.layOut();
  }

  /** The row above in the tree; -1 at the top. */
  parentRow(row) {
    for (let above = row - 1; above >= 0; above -= 1) if (this.levels[above] < this.levels[row]) return above;
    return -1;
  }
}
