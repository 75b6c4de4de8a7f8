// The terms of a query as text, for the form that writes it and for patterns that are left out.
// The collector reads the whole language; this only cuts at spaces outside of quotes and brackets.

const comparison = /^(-?)("(?:[^"\\]|\\.)*"|[^\s"(){}<>=!:]+)(>=|<=|!=|[:=<>])(.*)$/s;
const plainKey = /^[\w.-]+$/;
const plainValue = /^[\w./][\w./-]*$/;

const opening = '({';
const closing = ')}';

/** Where a quoted text that starts at `from` ends. */
function quoteEnd(query, from) {
  let index = from + 1;
  while (index < query.length && query[index] !== '"') index += query[index] === '\\' ? 2 : 1;
  return index;
}

/** `service:a (b OR c) -d` → `['service:a', '(b OR c)', '-d']`. */
export function terms(query) {
  const found = [];
  let term = '';
  let depth = 0;
  for (let index = 0; index < query.length; index += 1) {
    const character = query[index];
    if (opening.includes(character)) depth += 1;
    if (closing.includes(character)) depth -= 1;
    if (character === '"') {
      const end = quoteEnd(query, index);
      term += query.slice(index, end + 1);
      index = end;
    } else if (/\s/.test(character) && depth <= 0) {
      if (term) found.push(term);
      term = '';
    } else {
      term += character;
    }
  }
  if (term) found.push(term);
  return found;
}

const unquote = (text) => (text.startsWith('"') ? text.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1') : text);

export const quote = (value) => (plainValue.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`);

export const comparing = (key, operator, value) => `${plainKey.test(key) ? key : `"${key.replace(/[\\"]/g, '\\$&')}"`}${operator}${quote(value)}`;

/** `{ key, operator, value, negated }` of a comparison; undefined of anything else. */
export function parts(term) {
  const [, minus, key, operator, value] = comparison.exec(term) ?? [];
  return key && { key: unquote(key), operator, value: unquote(value), negated: minus === '-' };
}

/** With OR beside it a new term would join only one side. */
const whole = (query) => (terms(query).some((term) => /^or$/i.test(term)) ? `(${query})` : query);

/** What a minus in front of it negates as a whole. */
const one = (pattern) => (terms(pattern).length > 1 ? `(${pattern})` : pattern);

export const withTerms = (query, added) => [whole(query.trim()), ...added].filter(Boolean).join(' ');

/** The query without the terms that `drop(parts, term)` says. */
export const without = (query, drop) => terms(query).filter((term) => !drop(parts(term), term)).join(' ');

/** The query with every pattern excluded, and how far the query moved to the right in it. */
export function excluding(query, patterns) {
  if (patterns.length === 0) return { text: query, moved: 0 };
  const text = whole(query);
  return { text: [text, ...patterns.map((pattern) => `-${one(pattern)}`)].filter(Boolean).join(' '), moved: text === query ? 0 : 1 };
}

const isTrace = /^([0-9a-f]{16}|[0-9a-f]{32})$/i;

/** The id, when that is all that was asked for. */
export const bareTraceId = (query) => (isTrace.test(query.trim()) ? query.trim().toLowerCase() : null);

/** Links of earlier versions, and those of Zipkin's page, as a query. */
export function queryOfZipkin({ serviceName, spanName, annotationQuery, minDuration, maxDuration }) {
  const tags = (annotationQuery ?? '').split(' and ').map((part) => part.trim()).filter(Boolean).map((part) => {
    const at = part.indexOf('=');
    if (at > 0) return comparing(part.slice(0, at), '=', part.slice(at + 1));
    return part === 'error' ? part : `(${comparing('has', ':', part)} OR ${comparing('event', ':', part)})`;
  });
  const unit = (text) => (/^\d+$/.test(text) ? `${text}us` : text);
  return [
    serviceName && comparing('service', ':', serviceName), spanName && comparing('name', ':', spanName), ...tags,
    minDuration && `duration>=${unit(minDuration)}`, maxDuration && `duration<=${unit(maxDuration)}`,
  ].filter(Boolean).join(' ');
}
