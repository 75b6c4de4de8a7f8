// Small parts that several views share.

import { el } from './dom.js';
import { ago, dateTime, isoTime } from './format.js';

export const hidden = (text) => el('span', { class: 'visually-hidden' }, text);

/** The text of what went wrong, said at once to screen readers. */
export const errorMessage = (error) =>
  el('p', { class: 'notice notice-error', role: 'alert', 'data-testid': 'error-message' }, error.message);

export const errorMark = (text) =>
  el('span', { class: 'error-mark' }, el('span', { class: 'error-sign', 'aria-hidden': 'true' }, '!'), text);

export const startTime = (us) => (us === undefined
  ? el('span', {}, 'no start time')
  : el('time', { datetime: isoTime(us), title: dateTime(us) }, ago(us)));

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // The clipboard interface exists only on https and localhost; elsewhere an old command still works.
  const area = el('textarea', { class: 'visually-hidden' });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('not copied');
  return undefined;
}

export function copyButton(text, what) {
  const button = el('button', { class: 'quiet copy', type: 'button', 'aria-label': `Copy ${what}` }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await copyText(text);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Failed';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

/** Fills a select without losing the choice; a choice that is not on offer is added rather than dropped. */
export function fillSelect(select, options, chosen) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  if (!pairs.some(([value]) => value === chosen)) pairs.push([chosen, chosen]);
  const key = JSON.stringify(pairs);
  if (select.optionsKey !== key) {
    select.optionsKey = key;
    select.replaceChildren(...pairs.map(([value, label]) => el('option', { value }, label)));
  }
  select.value = chosen;
}

export const lookbacks = [
  ['5m', '5 minutes'], ['15m', '15 minutes'], ['1h', '1 hour'],
  ['6h', '6 hours'], ['24h', '24 hours'], ['7d', '7 days'],
];
