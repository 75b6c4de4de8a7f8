// Where the time was spent: calls of one operation on one path become one block, as wide as the self times of
// all spans in and below it. Blocks are buttons: choose one to see only what is below it.

import { el, Widget } from '../dom.js';
import { plural } from '../format.js';
import { paint, serviceLabel } from '../service.js';
import { flamePaths } from './flame-paths.js';
import { time } from './row.js';

const thinnest = 0.002; // of the width; thinner blocks are left out, and said so
const legible = 0.02; // narrower blocks have no words in them
const deepest = 80;

class TraceFlame extends Widget {
  build() {
    this.summary = el('p', { class: 'muted flame-summary', role: 'status' });
    this.blocks = el('div', { class: 'flame', role: 'group', 'aria-label': 'Flame graph', 'data-testid': 'flame', onkeydown: (event) => this.key(event) });
    this.append(this.summary, this.blocks);
  }

  show({ trace, self }) {
    if (this.trace === trace) return;
    this.trace = trace;
    this.root = flamePaths(trace, self);
    this.focusOn(this.root, false);
  }

  focusOn(node, moves = true) {
    this.node = node;
    this.left = 0;
    const rows = [];
    for (const above of ancestors(node)) rows.push(this.block(above, 0, 1, rows.length, true));
    const depth = rows.length;
    this.lay(node, depth, rows);
    this.blocks.style.setProperty('--depth', rows.reduce((most, { dataset }) => Math.max(most, Number(dataset.depth) + 1), 0));
    this.blocks.replaceChildren(...rows);
    this.summary.textContent = `${time(this.root.value)} of work in ${plural(this.trace.count, 'span')}`
      + (this.left ? `; ${plural(this.left, 'thin block')} not drawn` : '');
    if (moves) rows[depth]?.focus();
  }

  lay(top, from, rows) {
    const stack = [[top, 0, 1, from]];
    while (stack.length > 0) {
      const [node, left, width, depth] = stack.pop();
      rows.push(this.block(node, left, width, depth));
      let at = left;
      for (const child of node.children) {
        const share = node.value > 0 ? width * (child.value / node.value) : 0;
        if (share >= thinnest && depth - from < deepest) stack.push([child, at, share, depth + 1]);
        else this.left += 1;
        at += share;
      }
    }
  }

  block(node, left, width, depth, isAbove = false) {
    const percent = Math.round((node.value / (this.root.value || 1)) * 1000) / 10;
    const words = node === this.root ? ['whole trace'] : [node.name || '(no name)', serviceLabel(node.service)];
    const label = `${words.join(', ')}: ${time(node.value)}, ${percent} %${node === this.root ? '' : `, ${plural(node.count, 'call')}, self ${time(node.self)}`}`;
    const button = el('button', {
      type: 'button', class: isAbove ? 'block above' : 'block', title: label, 'aria-label': label, 'data-testid': 'flame-block', 'data-depth': depth,
      tabindex: node === this.node ? '0' : '-1', onclick: () => this.focusOn(node),
    }, width > legible && [
      el('span', { class: 'data' }, node.errors > 0 && el('span', { class: 'error-sign' }, '!'), words[0]),
      el('span', { class: 'number' }, ` ${time(node.value)}`),
    ]);
    button.node = node;
    button.style.left = `${left * 100}%`;
    button.style.width = `${width * 100}%`;
    button.style.setProperty('--row', depth);
    return paint(button, node.service);
  }

  /** Arrows go to the block above, below and beside. */
  key(event) {
    const { node } = event.target;
    const beside = (step) => node.parent?.children[node.parent.children.indexOf(node) + step];
    const wanted = { ArrowUp: () => node.parent, ArrowDown: () => node.children[0], ArrowLeft: () => beside(-1), ArrowRight: () => beside(1) }[event.key]?.();
    const block = wanted && [...this.blocks.children].find((one) => one.node === wanted);
    if (!block) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    block.tabIndex = 0;
    block.focus();
  }
}

function ancestors(node) {
  const found = [];
  for (let above = node.parent; above; above = above.parent) found.unshift(above);
  return found;
}

customElements.define('trace-flame', TraceFlame);
