// Files of spans, by button or dropped anywhere on the page: Zipkin's, OTLP's or Jaeger's JSON, also gzipped.

import * as api from './api.js';
import { el, Widget } from './dom.js';
import { plural } from './format.js';
import { go, traceLink } from './route.js';
import { errorMessage } from './widgets.js';

const shownLinks = 10;

const hasFiles = (event) => event.dataTransfer?.types.includes('Files');

function outcome(name, { spans, traces }) {
  const rest = traces.length - shownLinks;
  return [
    el('p', {}, `${plural(spans, 'span')} of ${name} taken.`),
    el('ul', { class: 'upload-links' }, traces.slice(0, shownLinks).map((id) => el('li', {}, el('a', { href: traceLink(id) }, el('code', {}, id))))),
    rest > 0 && el('p', { class: 'muted' }, `and ${plural(rest, 'more trace')}`),
  ].filter(Boolean);
}

class UploadButton extends Widget {
  build() {
    this.input = el('input', { type: 'file', class: 'visually-hidden', tabindex: '-1', multiple: true, accept: '.json,.gz,application/json', 'aria-label': 'Files of spans', 'data-testid': 'upload-input', onchange: () => this.take(this.input.files) });
    this.button = el('button', { class: 'quiet tool', type: 'button', title: 'Upload spans: JSON of Zipkin, OTLP or Jaeger. Dropping a file does it, too.', 'data-testid': 'upload-button', onclick: () => this.input.click() },
      el('span', { 'aria-hidden': 'true', class: 'arrow-up' }), el('span', { class: 'tool-name' }, 'Upload'));
    this.said = el('div', { class: 'upload-said', role: 'status', hidden: true, 'data-testid': 'upload-said' });
    this.append(this.button, this.input, this.said);
    this.listenForDrops();
  }

  listenForDrops() {
    const over = (on) => document.documentElement.toggleAttribute('data-dropping', on);
    window.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over(true);
    });
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && over(false));
    window.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over(false);
      this.take(event.dataTransfer.files);
    });
  }

  async take(files) {
    const chosen = [...files];
    this.say(el('p', {}, `Uploading ${chosen.map(({ name }) => name).join(', ')}…`));
    const said = [];
    let only = null;
    for (const file of chosen) {
      try {
        const answer = await api.upload(file);
        document.querySelector('status-corner').refresh();
        only = chosen.length === 1 && answer.traces.length === 1 ? answer.traces[0] : null;
        said.push(...outcome(file.name, answer));
      } catch (error) {
        said.push(errorMessage(new Error(`${file.name}: ${error.message}`)));
      }
    }
    this.input.value = '';
    this.say(...said);
    if (only) go(traceLink(only));
  }

  say(...content) {
    this.said.hidden = false;
    this.said.replaceChildren(
      el('button', { class: 'quiet close', type: 'button', 'aria-label': 'Close', onclick: () => { this.said.hidden = true; } }, '×'), ...content);
  }
}

customElements.define('upload-button', UploadButton);
