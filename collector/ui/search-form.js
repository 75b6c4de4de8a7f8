// A form that writes the query: what it knows it reads back out of it. It announces `write` with the new query.

import * as api from './api.js';
import { el, Latest, Widget } from './dom.js';
import { parseDuration } from './format.js';
import { comparing, parts, terms, without, withTerms } from './query-terms.js';
import { fillSelect } from './widgets.js';

const equals = [':', '='];
const ofSpan = new Set(['service', 'name', 'kind', 'status', 'remote', 'trace', 'id', 'duration', 'has', 'event', 'trace.duration', 'trace.spans', 'trace.errors', 'root.service', 'root.name']);

const field = (label, control, size) => el('label', { class: `field field-${size}` }, el('span', { class: 'field-label' }, label), control);

const text = (placeholder, testId, oninput) => el('input', { placeholder, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'data-testid': testId, oninput });

const is = (key, operators) => (part) => Boolean(part) && !part.negated && part.key === key && operators.includes(part.operator);
const isAttribute = (part) => Boolean(part) && !part.negated && !ofSpan.has(part.key);

class SearchForm extends Widget {
  namesRequest = new Latest();
  services = [['', 'All services']];
  query = '';

  build() {
    this.service = el('select', { 'data-testid': 'service-select', onchange: () => this.chooseService() });
    this.operation = el('select', { 'data-testid': 'operation-select', onchange: () => this.set(is('name', equals), this.operation.value && comparing('name', ':', this.operation.value)) });
    this.min = text('200ms', 'min-duration-input', () => this.setDuration(this.min, ['>=', '>'], '>='));
    this.max = text('1.5s', 'max-duration-input', () => this.setDuration(this.max, ['<=', '<'], '<='));
    this.tags = text('http.route=/pay', 'tags-input', () => this.setTags());
    this.errors = el('input', { type: 'checkbox', 'data-testid': 'errors-checkbox', onchange: () => this.set((part, term) => term === 'error', this.errors.checked && 'error') });
    this.append(el('div', { class: 'search-form', role: 'group', 'aria-label': 'Form that writes the query', 'data-testid': 'search-form' },
      field('Service', this.service, 'm'), field('Operation', this.operation, 'm'), field('Attributes', this.tags, 'l'),
      field('Span at least', this.min, 's'), field('Span at most', this.max, 's'),
      el('label', { class: 'check' }, this.errors, 'Only with errors')));
  }

  /** Takes the fields out of a query. */
  read(query) {
    this.query = query;
    const found = terms(query).map((term) => ({ term, part: parts(term) }));
    const valueOf = (key, operators) => found.find(({ part }) => is(key, operators)(part))?.part.value ?? '';
    const writing = (input) => input === document.activeElement;
    fillSelect(this.service, this.services, valueOf('service', equals));
    this.errors.checked = found.some(({ term }) => term === 'error');
    if (!writing(this.min)) this.min.value = valueOf('duration', ['>=', '>']);
    if (!writing(this.max)) this.max.value = valueOf('duration', ['<=', '<']);
    if (!writing(this.tags)) this.writtenTags = [];
    if (!writing(this.tags)) this.tags.value = found.filter(({ part }) => isAttribute(part)).map(({ term }) => term).join(' ');
    this.offerOperations(this.namesOf === this.service.value ? this.names : [], valueOf('name', equals));
    if (!this.hidden) this.loadOperations();
  }

  offerServices(names) {
    this.services = [['', 'All services'], ...names];
    fillSelect(this.service, this.services, this.service.value);
  }

  offerOperations(names, chosen) {
    fillSelect(this.operation, [['', 'All operations'], ...names], chosen);
    this.operation.disabled = this.operation.options.length < 2;
    this.operation.title = this.service.value ? '' : 'Choose a service to see its operations';
  }

  async loadOperations() {
    const service = this.service.value;
    if (!service || this.namesOf === service) return;
    try {
      this.names = await api.spanNames(service, this.namesRequest.next());
      this.namesOf = service;
      this.offerOperations(this.names, this.operation.value);
    } catch {
      // The names only help to choose; the search itself says what is wrong.
    }
  }

  chooseService() {
    const { value } = this.service;
    this.query = without(this.query, is('name', equals));
    this.set(is('service', equals), value && comparing('service', ':', value));
  }

  setDuration(input, operators, operator) {
    const value = input.value.trim();
    input.setCustomValidity('');
    try {
      parseDuration(value);
    } catch (error) {
      input.setCustomValidity(error.message);
      return;
    }
    this.set(is('duration', operators), value && `duration${operator}${value.replace(/\s/g, '')}`);
  }

  /** What is typed here may not be an attribute yet, so it is known by its text. */
  setTags() {
    const before = this.writtenTags ?? [];
    this.writtenTags = terms(this.tags.value);
    this.set((part, term) => isAttribute(part) || before.includes(term), this.tags.value.trim());
  }

  set(drop, term) {
    this.dispatchEvent(new CustomEvent('write', { detail: withTerms(without(this.query, drop), [term]) }));
  }
}

customElements.define('search-form', SearchForm);
