// Between a trace's heading and its picture: which picture, find, next error, zoom, what to show.

import { el, Widget } from '../dom.js';
import { plural } from '../format.js';
import '../query-box.js';
import { traceLink } from '../route.js';

const pictures = [['', 'Waterfall'], ['flame', 'Flame graph'], ['table', 'Table']];

const button = (text, label, onclick, test) =>
  el('button', { type: 'button', class: 'small', title: label, 'aria-label': label === text ? undefined : label, 'data-testid': test, onclick }, text);

class TraceToolbar extends Widget {
  build() {
    const tell = (name, detail) => () => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.views = el('nav', { class: 'pictures', 'aria-label': 'Picture' });
    this.box = el('query-box', { onquery: ({ detail }) => tell('find', detail)() });
    this.only = el('input', { type: 'checkbox', 'data-testid': 'only-matches', onchange: () => tell('params', { only: this.only.checked ? '1' : undefined })() });
    this.state = el('span', { id: 'find-state', class: 'find-state', role: 'status', 'data-testid': 'find-state' });
    this.steps = el('span', { class: 'group' },
      button('↑', 'Previous match (N)', tell('match', -1), 'previous-match'), button('↓', 'Next match (n)', tell('match', 1), 'next-match'),
      el('label', { class: 'check' }, this.only, 'only these'));
    this.error = button('Next error', 'Next error (e)', tell('error', 1), 'next-error');
    this.toggles = el('span', { class: 'group' });
    this.zooms = el('span', { class: 'group', role: 'group', 'aria-label': 'Zoom' },
      button('−', 'Zoom out (-)', tell('zoom', 2), 'zoom-out'), button('+', 'Zoom in (+)', tell('zoom', 0.5), 'zoom-in'),
      this.whole = button('Whole', 'The whole trace (0)', tell('zoom', 0), 'zoom-whole'));
    this.tree = el('span', { class: 'group' },
      button('Collapse', 'Collapse all (c)', tell('collapse'), 'collapse-all'), button('Expand', 'Expand all (x)', tell('expand'), 'expand-all'));
    this.append(this.views,
      el('div', { class: 'find', role: 'search' }, this.box, this.state, this.steps),
      this.error, this.toggles, this.tree, this.zooms);
    const texts = { 'data-testid': 'find-input', 'aria-label': 'Find spans in this trace', placeholder: 'Find spans: service:cart error duration>10ms', title: 'f' };
    for (const [name, text] of Object.entries(texts)) this.box.input.setAttribute(name, text);
  }

  show(trace, params) {
    const current = params.view ?? '';
    this.views.replaceChildren(...pictures.map(([view, name]) => el('a', {
      href: traceLink(trace.traceId, { ...params, view }), 'aria-current': current === view ? 'true' : undefined,
      'data-testid': `picture-${view || 'waterfall'}`,
    }, name)));
    const flip = (key) => () => this.dispatchEvent(new CustomEvent('params', { detail: { [key]: params[key] === 'off' ? undefined : 'off' } }));
    const toggle = (name, key, title) => el('button', {
      type: 'button', class: 'small', 'aria-pressed': String(params[key] !== 'off'), title, 'data-testid': `toggle-${key}`, onclick: flip(key),
    }, name);
    this.toggles.replaceChildren(
      toggle('Critical path', 'path', 'The spans that decided how long the trace took (p)'),
      toggle('Fold repeats', 'folds', 'Calls that repeat are one row (r)'));
    if (this.query !== params.q) this.box.value = params.q ?? '';
    this.query = params.q;
    this.only.checked = Boolean(params.only);
    for (const part of [this.toggles, this.zooms, this.tree]) part.hidden = current !== '';
    this.error.hidden = trace.errors === 0;
  }

  zoomed(zoom) { this.whole.disabled = zoom.isWhole; }

  /** What became of the search: nothing, an error, or matches and which of them is chosen. */
  tell({ error, count, place } = {}) {
    this.steps.hidden = !count;
    if (error) this.box.complain(error);
    if (error || count === undefined) this.state.textContent = '';
    else this.state.textContent = place >= 0 ? `${place + 1} of ${count.toLocaleString('en')}` : plural(count, 'match', 'matches');
  }
}

customElements.define('trace-toolbar', TraceToolbar);
