// One line for a query, with suggestions: a combobox after the ARIA pattern. Announces `query` on Enter.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';

let boxes = 0;

class QueryBox extends Widget {
  request = new Latest();
  options = [];
  active = -1;

  build() {
    boxes += 1;
    const id = `query-${boxes}`;
    this.input = el('input', {
      type: 'text', role: 'combobox', id, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search',
      'aria-label': 'Query', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': `${id}-list`, 'aria-describedby': `${id}-problem`,
      placeholder: 'service:cart duration>200ms error', 'data-testid': 'query-input',
      onkeydown: (event) => this.press(event), oninput: () => this.edited(), onblur: () => this.close(), onclick: () => this.close(),
    });
    this.list = el('ul', { class: 'suggestions', role: 'listbox', id: `${id}-list`, 'aria-label': 'Suggestions', hidden: true,
      onpointerdown: (event) => this.point(event) });
    this.trouble = el('p', { class: 'query-problem', id: `${id}-problem`, role: 'alert', 'data-testid': 'query-problem', hidden: true });
    this.append(this.input, this.list, this.trouble);
  }

  get value() {
    return this.input.value;
  }

  set value(text) {
    this.input.value = text;
    this.complain(null);
    this.close();
  }

  /** Between words nothing is suggested unless it is asked for. */
  edited() {
    this.complain(null);
    if (/\S/.test(this.value.charAt(this.input.selectionStart - 1))) this.suggest();
    else this.close();
    this.dispatchEvent(new CustomEvent('edit'));
  }

  async suggest() {
    const signal = this.request.next();
    try {
      const { from, to, options } = await api.completions(this.value, this.input.selectionStart, signal);
      if (document.activeElement !== this.input) return;
      this.range = [from, to];
      this.offer(options);
    } catch {
      // Suggestions only help; the search says what is wrong.
    }
  }

  offer(options) {
    this.options = options;
    this.list.replaceChildren(...options.map(({ text, hint }, index) => el('li', { role: 'option', id: `${this.list.id}-${index}`, 'aria-selected': 'false', 'data-index': String(index), 'data-testid': 'suggestion' },
      el('span', { class: 'suggestion-text data' }, text), hint && el('span', { class: 'suggestion-hint data' }, hint))));
    this.list.hidden = options.length === 0;
    this.input.setAttribute('aria-expanded', String(options.length > 0));
    this.activate(-1);
  }

  close() {
    this.request.next();
    this.offer([]);
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute('aria-selected', 'false');
    this.active = index;
    const option = this.list.children[index];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) this.input.setAttribute('aria-activedescendant', option.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  press(event) {
    const open = !this.list.hidden;
    const count = this.options.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (open) this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
      else this.suggest();
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      this.suggest();
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      this.close();
    } else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && open && this.active >= 0) {
      event.preventDefault();
      this.accept(this.active);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.close();
      this.dispatchEvent(new CustomEvent('query', { detail: this.value }));
    }
  }

  point(event) {
    event.preventDefault(); // the caret stays where it is
    const option = event.target.closest('[role="option"]');
    if (option) this.accept(Number(option.dataset.index));
  }

  accept(index) {
    const { text } = this.options[index];
    const [from, to] = this.range;
    const unfinished = /[:=<>!(]$/.test(text);
    const after = this.value.slice(to);
    const inserted = unfinished || /^\s/.test(after) ? text : `${text} `;
    this.input.value = this.value.slice(0, from) + inserted + after;
    this.input.setSelectionRange(from + inserted.length, from + inserted.length);
    this.close();
    this.edited();
  }

  /** Shows a mistake below the query, with its place marked; null: there is none. */
  complain(error) {
    this.trouble.hidden = !error;
    if (!error) {
      this.input.removeAttribute('aria-invalid');
      return;
    }
    this.input.setAttribute('aria-invalid', 'true');
    const at = Math.max(0, Math.min(error.position ?? 0, this.value.length));
    this.trouble.replaceChildren(
      el('span', {}, error.message),
      error.position !== undefined && el('code', { class: 'data', 'data-testid': 'query-place' },
        this.value.slice(0, at), el('mark', { title: 'here' }, this.value.slice(at, at + 1) || '\u00a0'), this.value.slice(at + 1)));
  }
}

customElements.define('query-box', QueryBox);
