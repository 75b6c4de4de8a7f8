// The router: shows the view that the location hash names, and keeps views alive between visits.
// A view's files are fetched when it is first gone to.

import { currentRoute, markVisited, wasVisited } from './route.js';
import './shortcuts.js';
import './status-corner.js';
import './upload.js';
import { errorMessage } from './widgets.js';

const parts = {
  search: () => [import('./search-view.js'), styles('search')],
  live: () => [import('./live-view.js'), styles('search')],
  services: () => [import('./services-view.js'), styles('services')],
  dependencies: () => [import('./dependencies-view.js'), styles('services')],
  sql: () => [import('./sql-view.js'), styles('sql')],
  trace: () => [import('./trace-view.js'), styles('search'), styles('trace'), styles('span-detail')],
  compare: () => [import('./compare-view.js'), styles('trace'), styles('compare')],
};

const views = new Map();
const main = document.getElementById('main');
let shown = null;
let asked = null;

/** A style sheet that is there; the second time it is no longer fetched. */
function styles(name) {
  const href = `ui/${name}.css`;
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  return new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => reject(new Error(`${href} did not come`)));
    document.head.append(link);
  });
}

async function viewNamed(name) {
  if (!views.has(name)) {
    await Promise.all(parts[name]());
    if (!views.has(name)) views.set(name, document.createElement(`${name}-view`));
  }
  return views.get(name);
}

function leave(view) {
  view.remembered = { scroll: window.scrollY, focus: document.activeElement };
  view.hide?.();
}

function enter(view, returning) {
  const { scroll = 0, focus = main } = (returning && view.remembered) || {};
  main.replaceChildren(view);
  window.scrollTo(0, scroll);
  if (shown) (view.contains(focus) ? focus : main).focus({ preventScroll: true });
}

function markNavigation(route) {
  for (const link of document.querySelectorAll('[data-view]')) {
    const current = link.dataset.view === route.view;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    if (current) link.setAttribute('href', location.hash || '#/');
  }
}

async function showRoute() {
  const route = currentRoute();
  asked = route;
  let view;
  try {
    view = await viewNamed(route.view);
  } catch {
    if (asked === route) main.replaceChildren(errorMessage(new Error('The collector does not answer. Load the page again when it runs.')));
    return;
  }
  if (asked === route) show(view, route);
}

function show(view, route) {
  const returning = wasVisited();
  markVisited();
  markNavigation(route);
  const entering = view !== shown;
  if (entering) {
    if (shown) leave(shown);
    enter(view, returning);
    shown = view;
  }
  view.show(route, { returning, entering });
}

history.scrollRestoration = 'manual';
document.querySelector('.skip').addEventListener('click', () => main.focus());
window.addEventListener('hashchange', showRoute);
showRoute();
