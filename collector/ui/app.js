// The router: shows the view that the location hash names, and keeps views alive between visits.

import { currentRoute, markVisited, wasVisited } from './route.js';
import './compare-view.js';
import './dependencies-view.js';
import './live-view.js';
import './search-view.js';
import './services-view.js';
import './shortcuts.js';
import './sql-view.js';
import './status-corner.js';
import './trace-view.js';
import './upload.js';

const views = new Map();
const main = document.getElementById('main');
let shown = null;

function viewNamed(name) {
  if (!views.has(name)) views.set(name, document.createElement(`${name}-view`));
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

function showRoute() {
  const route = currentRoute();
  const returning = wasVisited();
  markVisited();
  markNavigation(route);
  const view = viewNamed(route.view);
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
