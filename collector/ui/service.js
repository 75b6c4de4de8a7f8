// Services wear a colour that depends on their name only, so that it is the same on every page and machine.
// The style sheet turns hue and tone into colours for the light and the dark scheme.

import { el } from './dom.js';

const hues = 20;
const firstHue = 72; // past red and orange, which mean errors
const lastHue = 345;

/** FNV-1a with a last stir. Its start is chosen so that names that often meet (front and back, cart and checkout) are far apart. */
function hash(text) {
  let value = 0x811cf121;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

export const serviceLabel = (name) => name || '(no service)';

export function paint(element, service) {
  const value = hash(service);
  element.style.setProperty('--hue', Math.round(firstHue + ((value % hues) * (lastHue - firstHue)) / (hues - 1)));
  element.style.setProperty('--tone', (value >>> 16) % 2);
  if (!service) element.style.setProperty('--chroma', 0);
  element.classList.add('of-service');
  return element;
}

export function serviceChip(service, count) {
  const chip = el('span', { class: 'chip' },
    el('span', { class: 'chip-name data' }, serviceLabel(service)),
    count > 0 && el('span', { class: 'chip-count' }, String(count)));
  return paint(chip, service);
}

/** Busiest first; the tail is folded into one chip whose title names it. */
export function serviceChips(services, limit = Infinity) {
  const sorted = [...services].sort(([, a], [, b]) => b - a);
  const rest = sorted.slice(limit);
  return el('span', { class: 'chips' },
    sorted.slice(0, limit).map(([service, count]) => serviceChip(service, count)),
    rest.length > 0 && el('span', { class: 'chip chip-rest', title: rest.map(([name]) => serviceLabel(name)).join(', ') }, `${rest.length} more`));
}
