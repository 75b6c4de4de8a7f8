// Patterns that are left out of every search until they are switched on again, remembered by the browser.

import { el, Widget } from './dom.js';

const place = 'wingbeat.excluded';
const most = 20;

function recall() {
  try {
    const known = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(known) ? known.filter(({ pattern }) => typeof pattern === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

function remember(list) {
  try {
    localStorage.setItem(place, JSON.stringify(list));
  } catch {
    // Then they hold until the page is closed.
  }
}

/** The same mistake as one of the query itself, or as one of a pattern behind it. */
export function mistakeIn(query, error, moved) {
  if (error.position === undefined) return error;
  const position = error.position - moved;
  if (position <= query.length) return Object.assign(error, { position });
  return new Error(`An excluded pattern cannot be read: ${error.message}`);
}

class ExclusionChips extends Widget {
  known = recall();

  build() {
    this.input = el('input', { type: 'text', class: 'exclude-input', placeholder: 'exclude…', 'aria-label': 'Exclude traces with', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'data-testid': 'exclude-input', onkeydown: (event) => this.press(event) });
    this.chips = el('span', { class: 'chips', role: 'group', 'aria-label': 'Excluded' });
    this.append(this.chips, this.input);
    this.draw();
  }

  /** Takes over what was changed on another view, or in another window. */
  refresh() {
    this.known = recall();
    this.draw();
  }

  /** The patterns that apply now. */
  get active() {
    return this.known.filter(({ off }) => !off).map(({ pattern }) => pattern);
  }

  press(event) {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    this.add(this.input.value.trim().replace(/^-/, ''));
    this.input.value = '';
  }

  add(pattern) {
    if (!pattern) return;
    this.change([...this.known.filter((one) => one.pattern !== pattern), { pattern }].slice(-most));
  }

  clear() {
    this.change(this.known.map((one) => ({ ...one, off: true })));
  }

  change(known) {
    this.known = known;
    remember(known);
    this.draw();
    this.dispatchEvent(new CustomEvent('change'));
  }

  draw() {
    const focused = document.activeElement?.dataset?.key;
    this.chips.replaceChildren(...this.known.map((one) => this.chip(one)));
    if (focused) this.chips.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  chip({ pattern, off = false }) {
    const toggled = () => this.change(this.known.map((one) => (one.pattern === pattern ? { pattern, off: !off } : one)));
    const removed = () => {
      this.change(this.known.filter((one) => one.pattern !== pattern));
      this.input.focus();
    };
    return el('span', { class: 'chip excluded', 'data-testid': 'excluded-chip' },
      el('button', { type: 'button', class: 'chip-toggle data', 'aria-pressed': String(!off), 'data-key': pattern, title: off ? 'Not excluded now; press to exclude' : 'Excluded; press to let it through', onclick: toggled }, `-${pattern}`),
      el('button', { type: 'button', class: 'chip-remove', 'aria-label': `Forget -${pattern}`, onclick: removed }, '×'));
  }
}

customElements.define('exclusion-chips', ExclusionChips);
