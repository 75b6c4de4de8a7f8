// The form above the list of traces. It announces `search` with the chosen parameters; it searches nothing.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { humanDuration, parseDuration } from './format.js';
import { defaults } from './search-query.js';
import { fillSelect, lookbacks } from './widgets.js';

const limits = ['10', '20', '50', '100', '200', '500'];

const field = (label, control, size) => el('label', { class: `field field-${size}` }, el('span', { class: 'field-label' }, label), control);

const text = (name, placeholder, testId) => el('input', {
  name, placeholder, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'data-testid': testId,
});

class SearchForm extends Widget {
  namesRequest = new Latest();
  services = [['', 'All services']];

  build() {
    this.service = el('select', { name: 'serviceName', 'data-testid': 'service-select', onchange: () => this.loadSpanNames('') });
    this.span = el('select', { name: 'spanName', 'data-testid': 'span-select' });
    this.tags = text('annotationQuery', 'error and http.route=/pay', 'tags-input');
    this.min = text('minDuration', '200ms', 'min-duration-input');
    this.max = text('maxDuration', '1.5s', 'max-duration-input');
    this.lookback = el('select', { name: 'lookback', 'data-testid': 'lookback-select' });
    this.limit = el('select', { name: 'limit', 'data-testid': 'limit-select' });
    this.form = el('form', { class: 'search', role: 'search', 'data-testid': 'search-form', novalidate: true, onsubmit: (event) => this.submit(event) },
      field('Service', this.service, 'm'),
      field('Span name', this.span, 'm'),
      field('Tags and annotations', this.tags, 'l'),
      field('Span at least', this.min, 's'),
      field('Span at most', this.max, 's'),
      field('Within the last', this.lookback, 's'),
      field('Limit', this.limit, 'xs'),
      el('div', { class: 'search-actions' },
        el('button', { type: 'submit', class: 'primary', 'data-testid': 'search-button' }, 'Search'),
        el('button', { type: 'button', class: 'quiet', onclick: () => this.announce({}) }, 'Reset')));
    for (const input of [this.min, this.max]) input.addEventListener('input', () => input.setCustomValidity(''));
    this.append(this.form);
  }

  fill(params) {
    this.tags.value = params.annotationQuery ?? '';
    this.min.value = humanDuration(params.minDuration);
    this.max.value = humanDuration(params.maxDuration);
    fillSelect(this.lookback, lookbacks, params.lookback || defaults.lookback);
    fillSelect(this.limit, limits, params.limit || defaults.limit);
    fillSelect(this.service, this.services, params.serviceName ?? '');
    this.loadSpanNames(params.spanName ?? '');
  }

  offerServices(names) {
    this.services = [['', 'All services'], ...names];
    fillSelect(this.service, this.services, this.service.value);
  }

  offerSpanNames(names, chosen) {
    this.spanNames = [['', 'All span names'], ...names];
    fillSelect(this.span, this.spanNames, chosen);
    this.span.disabled = this.span.options.length < 2;
    this.span.title = this.service.value ? '' : 'Choose a service to see the names of its spans';
  }

  async loadSpanNames(chosen) {
    const service = this.service.value;
    const signal = this.namesRequest.next();
    if (this.namesOf !== service) this.offerSpanNames([], chosen);
    else fillSelect(this.span, this.spanNames, chosen);
    this.namesOf = service;
    if (!service) return;
    try {
      this.offerSpanNames(await api.spanNames(service, signal), this.span.value);
    } catch {
      // The names only help to choose; the search itself says what is wrong.
    }
  }

  submit(event) {
    event.preventDefault();
    for (const input of [this.min, this.max]) {
      try {
        parseDuration(input.value);
      } catch (error) {
        input.setCustomValidity(error.message);
        input.reportValidity();
        return;
      }
    }
    const params = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, value.trim()]));
    this.announce(params);
  }

  announce(params) {
    this.dispatchEvent(new CustomEvent('search', { detail: params }));
  }
}

customElements.define('search-form', SearchForm);
