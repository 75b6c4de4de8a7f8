// The found traces as a list of links, each with a bar that compares its duration with the longest shown.

import { el, Widget } from './dom.js';
import { duration, plural } from './format.js';
import { traceLink } from './route.js';
import { serviceChips, serviceLabel } from './service.js';
import { errorMark, startTime } from './widgets.js';

const chipsShown = 6;

function durationBar(us) {
  const bar = el('span', { class: 'duration-bar' });
  bar.style.setProperty('--us', us ?? 0);
  return el('span', { class: 'trace-duration' },
    el('span', { class: 'number' }, duration(us ?? undefined)),
    el('span', { class: 'duration-track', 'aria-hidden': 'true' }, bar));
}

export const traceRow = (trace) => el('a', { class: trace.errorCount ? 'trace-row trace-failed' : 'trace-row', href: traceLink(trace.traceId), 'data-testid': 'trace-row', 'data-trace-id': trace.traceId },
  durationBar(trace.duration),
  el('span', { class: 'trace-title' },
    el('span', { class: 'trace-service data' }, serviceLabel(trace.service)), ' ',
    el('span', { class: 'trace-name data' }, trace.name || '(no name)'),
    trace.truncated && el('span', { class: 'badge' }, 'spans left out'),
    trace.skewed && el('span', { class: 'badge' }, 'clocks differ')),
  serviceChips((trace.services ?? []).map(({ name, spanCount }) => [name, spanCount]), chipsShown),
  el('span', { class: 'trace-facts' },
    trace.errorCount > 0 && errorMark(plural(trace.errorCount, 'error')),
    el('span', {}, plural(trace.spanCount, 'span')),
    el('span', { class: 'trace-start' }, startTime(trace.timestamp ?? undefined))));

const tool = (name, label, text, testId) => el('button', { type: 'button', class: 'row-tool', name, 'aria-label': label, title: label, 'data-testid': testId }, text);

function item(trace, plain) {
  return el('li', {}, traceRow(trace), !plain && el('span', { class: 'row-tools' },
    tool('compare', 'Choose for a comparison', 'Compare', 'compare-tool'), tool('exclude', 'Exclude traces like this one', 'Exclude', 'exclude-tool')));
}

/** Announces `exclude` with a trace, and `choose` with the ids that were chosen for a comparison. */
class TraceList extends Widget {
  traces = new Map();
  rows = new Map();
  chosen = [];
  longest = 0;

  build() {
    this.list = el('ol', { class: 'traces', onclick: (event) => this.click(event), onkeydown: (event) => this.press(event) });
    this.append(this.list);
  }

  get plain() {
    return this.hasAttribute('plain');
  }

  clear() {
    this.traces.clear();
    this.rows.clear();
    this.chosen = [];
    this.longest = 0;
    this.list.replaceChildren();
  }

  add(traces) {
    this.know(traces);
    this.list.append(...traces.map((trace) => item(trace, this.plain)));
  }

  /** Puts waiting traces on top, each joined with what is known of it; says how many had to go at the bottom. */
  addOnTop(waiting, most, join) {
    for (const trace of waiting.values()) {
      const known = this.traces.get(trace.traceId);
      const joined = known ? join(known, trace) : trace;
      this.rows.get(trace.traceId)?.remove();
      const row = item(joined, this.plain);
      this.rows.set(trace.traceId, row);
      this.know([joined]);
      this.list.prepend(row);
    }
    waiting.clear();
    const over = Math.max(0, this.list.children.length - most);
    for (let index = 0; index < over; index += 1) this.forget(this.list.lastElementChild);
    return over;
  }

  forget(row) {
    const id = row.querySelector('.trace-row').dataset.traceId;
    this.traces.delete(id);
    this.rows.delete(id);
    row.remove();
  }

  know(traces) {
    for (const trace of traces) {
      this.traces.set(trace.traceId, trace);
      this.longest = Math.max(this.longest, trace.duration ?? 0);
    }
    this.list.style.setProperty('--longest', Math.max(1, this.longest));
  }

  rowOf(element) {
    return element.closest('li')?.querySelector('.trace-row');
  }

  click({ target }) {
    const button = target.closest('.row-tool');
    if (button) this.act(button.name, this.rowOf(button));
  }

  act(name, row) {
    const id = row.dataset.traceId;
    if (name === 'exclude') this.dispatchEvent(new CustomEvent('exclude', { detail: this.traces.get(id) }));
    else this.choose(id);
  }

  choose(id) {
    this.chosen = this.chosen.includes(id) ? this.chosen.filter((one) => one !== id) : [...this.chosen, id].slice(-2);
    for (const row of this.list.querySelectorAll('.trace-row')) {
      const on = this.chosen.includes(row.dataset.traceId);
      row.parentElement.classList.toggle('compared', on);
      row.parentElement.querySelector('[name="compare"]').setAttribute('aria-pressed', String(on));
    }
    this.dispatchEvent(new CustomEvent('choose', { detail: this.chosen }));
  }

  press(event) {
    const row = event.target.closest('li') && this.rowOf(event.target);
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const go = (item) => item?.querySelector('.trace-row').focus();
    const { parentElement: here } = row;
    const actions = {
      j: () => go(here.nextElementSibling), ArrowDown: () => go(here.nextElementSibling),
      k: () => go(here.previousElementSibling), ArrowUp: () => go(here.previousElementSibling),
      ...(this.plain ? {} : { c: () => this.act('compare', row), x: () => this.act('exclude', row) }),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  focusFirst() {
    this.list.querySelector('.trace-row')?.focus();
  }
}

customElements.define('trace-list', TraceList);
