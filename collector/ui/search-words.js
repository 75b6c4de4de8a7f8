// What is said below and above the traces that a search found: how far it looked, and honestly whether that is all.

import { el } from './dom.js';
import { firstSpan } from './first-span.js';
import { clock, compact, plural } from './format.js';
import * as api from './api.js';

const inWords = { newest: 'newest', longest: 'longest', spans: 'largest', errors: 'most failing' };

export function progressText(found, { searched, matched, until } = {}) {
  const looked = searched === undefined ? '' : `, ${compact(searched)} spans looked at`;
  const back = until === undefined ? '' : `, back to ${clock(until / 1000)}`;
  return `Searching… ${(matched ?? found).toLocaleString('en')} found${looked}${back}`;
}

export function endLine({ matched, searched, complete, reason }, shown, range, sort) {
  const looked = searched === undefined ? '' : ` ${plural(searched, 'span')} looked at.`;
  const sentence = !complete ? `Not all: ${reason ?? 'the search was ended before it was through'}.`
    : shown === 0 ? '' : shown < matched ? `The ${shown} ${inWords[sort]} of ${matched.toLocaleString('en')} that match in ${range.name}.`
    : `That is all that matches in ${range.name}.`;
  return el('p', { class: complete ? 'end-line' : 'end-line incomplete', 'data-testid': 'end-line' }, sentence.replace('..', '.'), looked);
}

function noMatch(range, excluded) {
  const patterns = excluded.active;
  return [
    el('h3', {}, 'Nothing found'),
    el('p', {}, `No trace of ${range.name} matches. Look further back, or ask for less.`),
    patterns.length > 0 && el('p', {}, `${plural(patterns.length, 'pattern')} excluded. `, el('button', { type: 'button', onclick: () => excluded.clear() }, 'Search without excluding')),
    el('details', {}, el('summary', {}, 'How to send a span'), firstSpan()),
  ];
}

const noSpans = () => [
  wings(), el('h3', {}, 'No spans have arrived yet'),
  el('p', {}, 'The collector is running and waits for the first.'), firstSpan(),
];

/** Whether nothing matches, or nothing is there at all, is known a moment later. */
export function nothingFound(range, excluded) {
  const section = el('section', { class: 'empty', 'data-testid': 'empty-state' }, ...noMatch(range, excluded).filter(Boolean));
  api.services().then((services) => services.length === 0 && section.replaceChildren(...noSpans()), () => {});
  return section;
}

const wings = () => {
  const mark = document.querySelector('.masthead .mark').cloneNode(true);
  mark.classList.add('mark-large');
  return mark;
};
