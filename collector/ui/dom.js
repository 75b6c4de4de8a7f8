// Elements from data. Data reaches the page only as text nodes and as attributes named in the code,
// never as markup: names, tags and values come from strangers.

/**
 * `el('a', { class: 'x', href, onclick: f }, 'text', child)`. Attributes that are undefined, null or false
 * are left out; true becomes an empty attribute; children that are empty are skipped.
 */
export const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

export const svg = (name, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

function fill(element, attributes = {}, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat()) {
    if (child !== undefined && child !== null && child !== false && child !== '') element.append(child);
  }
  return element;
}

/** A custom element that builds its content once, when first attached. */
export class Widget extends HTMLElement {
  connectedCallback() {
    if (this.built) return;
    this.built = true;
    this.build();
  }
}

/** Aborts the request before the last one; `next()` gives the signal for a new one. */
export class Latest {
  next() {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }
}
