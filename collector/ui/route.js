// The location hash as data. Every state of the page is a link, so views read their state from here
// and change it only by going to another hash.

const plainViews = ['live', 'services', 'dependencies', 'sql'];

export function currentRoute() {
  const hash = location.hash.slice(1) || '/';
  const mark = hash.indexOf('?');
  const path = mark < 0 ? hash : hash.slice(0, mark);
  const params = Object.fromEntries(new URLSearchParams(mark < 0 ? '' : hash.slice(mark + 1)));
  const [first, second, third] = path.split('/').filter(Boolean);
  if (first === 'trace') return { view: 'trace', traceId: second ?? '', params };
  if (first === 'compare') return { view: 'compare', traceIds: [second ?? '', third ?? ''], params };
  return { view: plainViews.includes(first) ? first : 'search', params };
}

export function link(path, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value)).toString();
  return `#${path}${query ? `?${query}` : ''}`;
}

export const searchLink = (params) => link('/', params);
export const traceLink = (traceId, params) => link(`/trace/${encodeURIComponent(traceId)}`, params);

/** Goes to a hash. Going to where we already are shows it afresh. */
export function go(hash, { replace = false, state = null } = {}) {
  if (replace || hash === location.hash) history.replaceState(state, '', hash);
  else history.pushState(state, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

// A visited history entry carries a mark, so that coming back to it can be told from going to it anew.
export const wasVisited = () => Boolean(history.state?.visited);
export const markVisited = () => history.replaceState({ ...history.state, visited: true }, '');
