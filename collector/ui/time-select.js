// Chooses the time of a search: one of the usual lengths up to now, or a fixed piece. Announces `choose`.

import { el, Widget } from './dom.js';
import { fixedRange, localTime } from './time-range.js';
import { errorMessage, fillSelect, lookbacks } from './widgets.js';

const other = 'fixed';

class TimeSelect extends Widget {
  build() {
    this.select = el('select', { 'aria-label': 'Within the last', 'data-testid': 'lookback-select', onchange: () => this.chooseLength() });
    this.fixed = el('button', { type: 'button', class: 'fixed-time', hidden: true, 'data-testid': 'fixed-time', onclick: () => this.ask() });
    this.free = el('button', { type: 'button', class: 'quiet close', hidden: true, 'aria-label': 'Up to now again', 'data-testid': 'free-time', onclick: () => this.announce({ lookback: '' }) }, '×');
    this.append(this.select, this.fixed, this.free);
  }

  show(range) {
    this.range = range;
    this.select.hidden = range.fixed;
    this.fixed.hidden = !range.fixed;
    this.free.hidden = !range.fixed;
    if (range.fixed) this.fixed.textContent = range.name;
    else fillSelect(this.select, [...lookbacks, [other, 'From … to …']], range.text);
  }

  chooseLength() {
    if (this.select.value !== other) {
      this.announce({ lookback: this.select.value });
      return;
    }
    this.select.value = this.range.text;
    this.ask();
  }

  ask() {
    const time = (ms) => el('input', { type: 'datetime-local', step: '1', value: localTime(ms), required: true });
    const [from, to] = [time(this.range.start), time(this.range.end)];
    const trouble = el('div');
    const chosen = () => {
      const [start, end] = [from, to].map(({ value }) => new Date(value).getTime());
      if (end > start) {
        dialog.close();
        this.announce(fixedRange(start, end + 999));
      } else {
        trouble.replaceChildren(errorMessage(new Error('The end must be after the start.')));
      }
    };
    const dialog = el('dialog', { class: 'sheet', 'aria-label': 'Time of the search', 'data-testid': 'time-dialog', onclose: () => dialog.remove(), onkeydown: (event) => event.key === 'Enter' && event.target.tagName === 'INPUT' && chosen() },
      el('label', { class: 'field' }, el('span', { class: 'field-label' }, 'From'), from),
      el('label', { class: 'field' }, el('span', { class: 'field-label' }, 'To'), to), trouble,
      el('div', { class: 'sheet-actions' }, el('button', { type: 'button', class: 'primary', onclick: chosen }, 'Search'), el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel')));
    document.body.append(dialog);
    dialog.showModal();
  }

  announce(params) {
    this.dispatchEvent(new CustomEvent('choose', { detail: params }));
  }
}

customElements.define('time-select', TimeSelect);
