// Keys that work anywhere, and the sheet behind `?` that lists those of every view.

import { el, Widget } from './dom.js';
import { go } from './route.js';

const places = { t: '#/', l: '#/live', s: '#/services', d: '#/dependencies', q: '#/sql' };

const groups = [
  ['Everywhere', [['?', 'this list'], ['/', 'to the query'], ['g then t', 'traces'], ['g then l', 'live tail'], ['g then s', 'services'], ['g then d', 'dependencies'], ['g then q', 'SQL'], ['Esc', 'close what is open']]],
  ['Query', [['↓ ↑', 'choose a suggestion'], ['Enter', 'take it, or search'], ['Ctrl+Space', 'show suggestions']]],
  ['List of traces', [['j k', 'next, previous trace'], ['Enter', 'open it'], ['c', 'choose it for a comparison'], ['x', 'exclude traces like it']]],
  ['Scatter plot', [['← →', 'next, previous trace'], ['Shift+← →', 'mark a time'], ['Enter', 'open the trace, or narrow to the time']]],
  ['Live tail', [['p', 'pause, resume']]],
  ['SQL', [['Ctrl+Enter', 'run']]],
];

/** Adds to the sheet: `addKeys('Trace', [['n', 'next error']])`. */
export const addKeys = (name, keys) => groups.push([name, keys]);

const typing = ({ target }) => target.closest?.('input, textarea, select, [contenteditable]');

/** Runs `actions[key]` for a key that is pressed alone and not into a field. */
export function onKey(event, actions) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
}

class ShortcutSheet extends Widget {
  build() {
    this.append(el('button', { class: 'quiet tool', type: 'button', 'aria-label': 'Keyboard shortcuts', 'aria-haspopup': 'dialog', title: 'Keyboard shortcuts (?)', 'data-testid': 'shortcuts-button', onclick: () => this.open() }, '?'));
    document.addEventListener('keydown', (event) => this.press(event));
  }

  press(event) {
    if (document.querySelector('dialog[open]')) return;
    const leading = this.leading;
    this.leading = false;
    if (leading && Object.hasOwn(places, event.key)) onKey(event, { [event.key]: () => go(places[event.key]) });
    else onKey(event, { '?': () => this.open(), '/': () => this.toQuery(), g: () => { this.leading = true; } });
  }

  toQuery() {
    const field = document.querySelector('main [role="combobox"], main textarea');
    if (field) field.focus();
    else go('#/');
  }

  open() {
    const close = () => dialog.close();
    const dialog = el('dialog', { class: 'sheet shortcut-dialog', 'aria-labelledby': 'shortcuts-title', 'data-testid': 'shortcuts' },
      el('div', { class: 'sheet-head' }, el('h2', { id: 'shortcuts-title' }, 'Keys'), el('button', { class: 'quiet close', type: 'button', 'aria-label': 'Close', onclick: close }, '×')),
      el('div', { class: 'shortcut-groups' }, groups.map(([name, keys]) => el('section', {}, el('h3', {}, name),
        el('dl', {}, keys.map(([key, what]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what))))))));
    dialog.addEventListener('click', (event) => event.target === dialog && close());
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}

customElements.define('shortcut-sheet', ShortcutSheet);
