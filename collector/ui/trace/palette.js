// The colours of the style sheet as a canvas takes them. The sheet decides, also which scheme is on.

import { el } from '../dom.js';
import { paint } from '../service.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export class Palette {
  constructor(host, onchange) {
    this.probe = el('span', { class: 'colour-probe', 'aria-hidden': 'true' });
    host.append(this.probe);
    dark.addEventListener('change', () => {
      this.forget();
      onchange();
    });
    this.forget();
  }

  forget() {
    this.services = new Map();
    this.named = new Map();
  }

  resolve(value) {
    this.probe.style.backgroundColor = value;
    return getComputedStyle(this.probe).backgroundColor;
  }

  of(service) {
    if (!this.services.has(service)) {
      paint(this.probe, service).style.setProperty('--chroma', service ? 1 : 0);
      this.services.set(service, this.resolve('var(--service)'));
    }
    return this.services.get(service);
  }

  variable(name) {
    if (!this.named.has(name)) this.named.set(name, this.resolve(`var(--${name})`));
    return this.named.get(name);
  }
}
