// The spans of a trace summed up by service, by operation, or by the value of a tag.

import { get } from '../api.js';
import { el, Latest, Widget } from '../dom.js';
import { plural } from '../format.js';
import { paint, serviceLabel } from '../service.js';
import { errorMessage } from '../widgets.js';
import { byOperation, byService, groupSpans } from './groups.js';
import { time } from './row.js';
import { tagsOfTrace } from './tags.js';

const mostRows = 500;
const columns = [
  ['count', 'Spans', (group) => group.count.toLocaleString('en')],
  ['errors', 'Errors', (group) => (group.errors ? group.errors.toLocaleString('en') : '–')],
  ['self', 'Self time', (group) => time(group.self)],
  ['total', 'Together', (group) => time(group.total)],
  ['average', 'Average', (group) => time(group.average)],
  ['p95', 'p95', (group) => time(group.p95)],
  ['longest', 'Longest', (group) => time(group.longest)],
];

class TraceTable extends Widget {
  request = new Latest();
  order = 'self';

  build() {
    this.by = el('select', { 'data-testid': 'group-select', onchange: () => this.ask({ by: this.by.value }) },
      [['operation', 'operation'], ['service', 'service'], ['tag', 'tag']].map(([value, text]) => el('option', { value }, text)));
    this.key = el('select', { 'aria-label': 'Tag', 'data-testid': 'tag-select', onchange: () => this.ask({ by: 'tag', tag: this.key.value }) });
    this.summary = el('span', { class: 'muted', role: 'status' });
    this.result = el('div', {});
    this.append(el('div', { class: 'table-tools' }, el('label', {}, 'Group by ', this.by), this.key, this.summary), this.result);
  }

  ask(params) { this.dispatchEvent(new CustomEvent('params', { detail: { tag: undefined, ...params } })); }

  async show({ trace, self }, { by = 'operation', tag }) {
    Object.assign(this, { trace, self });
    this.by.value = by;
    this.key.hidden = by !== 'tag';
    if (by === 'service') return this.draw(byService(trace));
    if (by !== 'tag') return this.draw(byOperation(trace));
    const signal = this.request.next();
    try {
      const tags = await tagsOfTrace(trace, (path) => get(path, {}, signal));
      const key = tag ?? tags.keys[0];
      this.key.replaceChildren(...tags.keys.map((name) => el('option', { value: name }, name)));
      this.key.value = key;
      return this.draw((index) => tags.valueOf(index, key), key);
    } catch (error) {
      return error.name === 'AbortError' ? undefined : this.result.replaceChildren(errorMessage(error));
    }
  }

  draw(keyOf, tag) {
    this.groups = groupSpans(this.trace, this.self, keyOf);
    this.tag = tag;
    this.fill();
  }

  fill() {
    const sorted = [...this.groups].sort((one, other) => other[this.order] - one[this.order]);
    const most = this.groups.reduce((sum, { self }) => Math.max(sum, self), 0);
    this.summary.textContent = plural(sorted.length, 'group') + (sorted.length > mostRows ? `, the first ${mostRows} are shown` : '');
    const area = { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Groups of spans' };
    const what = this.tag ?? (this.by.value === 'service' ? 'Service' : 'Operation');
    this.result.replaceChildren(el('div', area, el('table', { class: 'groups', 'data-testid': 'group-table' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, what), columns.map((column) => this.heading(column)))),
      el('tbody', {}, sorted.slice(0, mostRows).map((group) => this.row(group, most))))));
  }

  heading([key, name]) {
    return el('th', { scope: 'col', class: 'number', 'aria-sort': this.order === key ? 'descending' : undefined },
      el('button', { class: 'quiet', type: 'button', onclick: () => { this.order = key; this.fill(); } }, name));
  }

  row(group, most) {
    const { trace, tag } = this;
    const service = trace.serviceOf(group.first);
    const names = tag !== undefined ? [group.key] : [serviceLabel(service)];
    if (tag === undefined && this.by.value === 'operation') names.unshift(trace.nameOf(group.first) || '(no name)');
    const bar = el('span', { class: 'share-bar', 'aria-hidden': 'true' });
    bar.style.width = `${most > 0 ? (group.self / most) * 100 : 0}%`;
    const name = el('button', { class: 'quiet group-name data', type: 'button', title: 'Find these spans', onclick: () => this.find(group) },
      el('span', { class: 'stripe' }), el('span', {}, names[0]), names[1] && el('span', { class: 'span-service' }, names[1]));
    const row = el('tr', { 'data-testid': 'group-row', class: group.errors ? 'failed' : undefined },
      el('th', { scope: 'row' }, name), columns.map(([key, , text]) => el('td', { class: `number column-${key}` }, text(group), key === 'self' && bar)));
    return tag === undefined ? paint(row, service) : row;
  }

  find({ first, key }) {
    const { trace, tag } = this;
    const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
    const service = `service:${quoted(trace.serviceOf(first))}`;
    const query = tag !== undefined ? `${quoted(tag)}=${quoted(key)}` : this.by.value === 'service' ? service : `${service} name:${quoted(trace.nameOf(first))}`;
    this.dispatchEvent(new CustomEvent('find', { detail: query }));
  }
}

customElements.define('trace-table', TraceTable);
