// A span may arrive in fragments: a late duration, a tag from another thread. And with shared spans, the
// client and the server report under one id. Fragments of one side are merged; two sides stay two.

const endpointFields = ['serviceName', 'ipv4', 'ipv6', 'port'];

function agree(one = {}, other = {}) {
  return endpointFields.every((field) => one[field] === undefined || other[field] === undefined || one[field] === other[field]);
}

function uniteAnnotations(one = [], other = []) {
  const known = new Set(one.map(({ timestamp, value }) => `${timestamp} ${value}`));
  return [...one, ...other.filter(({ timestamp, value }) => !known.has(`${timestamp} ${value}`))];
}

function unite(one, other) {
  const joined = { ...other, ...one };
  for (const part of ['localEndpoint', 'remoteEndpoint', 'tags']) {
    if (one[part] && other[part]) joined[part] = { ...other[part], ...one[part] };
  }
  if (one.annotations && other.annotations) joined.annotations = uniteAnnotations(one.annotations, other.annotations);
  return joined;
}

// Fragments that say least about their endpoint come last, to join one that says more.
function byEndpoint(one, other) {
  const key = ({ localEndpoint: endpoint }) => (endpoint?.serviceName ? `0${endpoint.serviceName} ${endpoint.ipv4 ?? '~'}` : '1');
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}

function mergeSides(fragments) {
  const hasClient = fragments.some(({ kind }) => kind === 'CLIENT');
  const sides = [];
  for (const span of [...fragments].sort(byEndpoint)) {
    // Some tracers forget the flag; a server beside a client of the same id shares it.
    const shared = Boolean(span.shared) || (hasClient && span.kind === 'SERVER');
    const side = sides.find((known) => known.shared === shared && agree(known.span.localEndpoint, span.localEndpoint));
    if (side) side.span = unite(side.span, span);
    else sides.push({ span, shared });
  }
  const rank = ({ span, shared }) => (shared ? 2 : span.kind === 'CLIENT' ? 0 : 1);
  return sides.sort((one, other) => rank(one) - rank(other));
}

/** `[{ span, shared, side }]`, where `side` counts the sides of one id from 1, the caller first. */
export function mergeFragments(spans) {
  const byId = new Map();
  for (const span of spans) {
    if (byId.has(span.id)) byId.get(span.id).push(span);
    else byId.set(span.id, [span]);
  }
  return [...byId.values()].flatMap((fragments) =>
    mergeSides(fragments).map(({ span, shared }, index) => ({ span, shared, side: index + 1 })));
}
