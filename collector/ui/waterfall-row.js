// One row of the waterfall: indentation, name and service, duration, bar.

import { el } from './dom.js';
import { duration, plural } from './format.js';
import { paint, serviceLabel } from './service.js';

const deepest = 14; // deeper levels are not indented further but numbered
const orphanLabels = { missing: 'parent missing', loop: 'parent loop' };

export const rowId = (node) => `row-${node.index}`;

function label({ span, service, failed, orphan, errorsBelow }, collapsed) {
  return [
    span.name || 'no name', serviceLabel(service), duration(span.duration),
    failed && 'error', orphan && orphanLabels[orphan], collapsed && errorsBelow > 0 && `${plural(errorsBelow, 'error')} below`,
  ].filter(Boolean).join(', ');
}

function twisty(node, collapsed) {
  return el('span', { class: node.size ? 'twisty' : 'twisty leaf', title: node.size ? `${collapsed ? 'Show' : 'Hide'} ${plural(node.size, 'span')} below` : undefined });
}

function nameCell(node, collapsed) {
  const { span, service, failed, orphan, level, size, errorsBelow } = node;
  const indent = el('span', { class: 'indent' });
  indent.style.setProperty('--level', Math.min(level - 1, deepest));
  return el('span', { class: 'span-name-cell' },
    indent,
    level - 1 > deepest && el('span', { class: 'badge', title: `Level ${level}` }, String(level)),
    twisty(node, collapsed),
    el('span', { class: 'stripe' }),
    (failed || (collapsed && errorsBelow > 0)) && el('span', { class: failed ? 'error-sign' : 'error-sign error-below', title: failed ? 'Error' : `${plural(errorsBelow, 'error')} below` }, '!'),
    el('span', { class: 'span-label data', title: `${span.name ?? ''} (${serviceLabel(service)})` },
      el('span', { class: 'span-title' }, span.name || '(no name)'), ' ',
      el('span', { class: 'span-service' }, serviceLabel(service))),
    orphan && el('span', { class: 'badge badge-orphan' }, orphanLabels[orphan]),
    collapsed && el('span', { class: 'badge' }, `+${size}`));
}

function bar({ span }, trace) {
  if (span.timestamp === undefined) return el('span', { class: 'timeline' });
  const share = (us) => (trace.duration > 0 ? (us / trace.duration) * 100 : 0);
  const shape = el('span', { class: span.duration ? 'bar' : 'bar instant' });
  shape.style.left = `${share(span.timestamp - trace.start)}%`;
  shape.style.width = `${share(span.duration ?? 0)}%`;
  return el('span', { class: 'timeline' }, shape);
}

export function spanRow(node, trace, collapsed) {
  const { failed, level, size, service, position, siblings, span, row } = node;
  const element = el('div', {
    id: rowId(node), class: failed ? 'span-row failed' : 'span-row', role: 'treeitem',
    'data-testid': 'span-row', 'data-span-id': span.id, 'data-index': String(node.index),
    'aria-label': label(node, collapsed), 'aria-level': String(level), 'aria-expanded': size ? String(!collapsed) : undefined,
    'aria-setsize': String(siblings), 'aria-posinset': String(position),
  },
  nameCell(node, collapsed),
  el('span', { class: 'span-duration number' }, duration(span.duration)),
  bar(node, trace));
  element.style.setProperty('--row', row);
  return paint(element, service);
}
