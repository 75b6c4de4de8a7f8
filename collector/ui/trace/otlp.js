// One span as the API gives it in OTLP's JSON: its fragments put together, its values with their types.

const server = 2;

function* fragments({ resourceSpans = [] }) {
  for (const { resource = {}, scopeSpans = [] } of resourceSpans) {
    for (const { scope = {}, spans = [] } of scopeSpans) {
      for (const span of spans) yield { resource, scope, span };
    }
  }
}

/** An attribute's value as text and the name of its type; text needs no name. */
function typedValue(value = {}) {
  if ('stringValue' in value) return { text: String(value.stringValue) };
  if ('intValue' in value) return { text: String(value.intValue), type: 'int' };
  if ('doubleValue' in value) return { text: String(value.doubleValue), type: 'double' };
  if ('boolValue' in value) return { text: String(value.boolValue), type: 'bool' };
  if ('bytesValue' in value) return { text: String(value.bytesValue), type: 'bytes' };
  if ('arrayValue' in value) return { text: JSON.stringify(plain(value)), type: 'array' };
  if ('kvlistValue' in value) return { text: JSON.stringify(plain(value), null, 1), type: 'map' };
  return { text: '', type: 'empty' };
}

function plain(value = {}) {
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(plain);
  if ('kvlistValue' in value) return Object.fromEntries((value.kvlistValue.values ?? []).map(({ key, value: inner }) => [key, plain(inner)]));
  if ('intValue' in value && Number.isSafeInteger(Number(value.intValue))) return Number(value.intValue);
  return Object.values(value)[0] ?? null;
}

/** `[{ key, text, type }]`, sorted by key; of a key that comes twice the first. */
function attributeList(attributes = []) {
  const known = new Map();
  for (const { key, value } of attributes) if (!known.has(key)) known.set(key, { key, ...typedValue(value) });
  return [...known.values()].sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

/** The fragments of the wanted side, where the client and the server report under one id. */
function ofSide(all, { side, hasOther, service }) {
  const choose = (chosen, test) => (chosen.some(test) ? chosen.filter(test) : chosen);
  const sided = hasOther ? choose(all, ({ span }) => (side === 2) === (span.kind === server)) : all;
  const named = ({ resource }) => resource.attributes?.some(({ key, value }) => key === 'service.name' && value.stringValue === service);
  return hasOther ? choose(sided, named) : sided;
}

const nanoseconds = (text) => BigInt(text ?? 0);

/** What the details show of a span. Times of events are nanoseconds since 1970, as BigInt. */
export function spanOf(answer, wanted) {
  const parts = ofSide([...fragments(answer)], wanted);
  const together = (field) => parts.flatMap(({ span }) => span[field] ?? []);
  const attributes = attributeList(together('attributes'));
  return {
    attributes,
    attribute: (key) => attributes.find((one) => one.key === key)?.text,
    resource: attributeList(parts.flatMap(({ resource }) => resource.attributes ?? [])),
    scope: parts.map(({ scope }) => scope).find(({ name }) => name),
    status: parts.map(({ span }) => span.status).find((status) => status?.code === 2 || status?.message) ?? {},
    traceState: parts.map(({ span }) => span.traceState).find(Boolean),
    links: together('links'),
    events: together('events').map((event) => ({ name: event.name ?? '', time: nanoseconds(event.timeUnixNano), attributes: attributeList(event.attributes) }))
      .sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0)),
    raw: parts.map(({ resource, scope, span }) => ({ resource, scope, span })),
  };
}
