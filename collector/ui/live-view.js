// `#/live`: traces as their spans arrive, the newest on top.

import { ApiError, get, url } from './api.js';
import { el, Widget } from './dom.js';
import { mistakeIn } from './exclusions.js';
import { compact, plural } from './format.js';
import './query-box.js';
import { bareTraceId, excluding } from './query-terms.js';
import { go, link, traceLink } from './route.js';
import { onKey } from './shortcuts.js';
import './trace-list.js';
import { errorMessage } from './widgets.js';

const most = 500; // traces kept on the page
const again = 3000; // ms until the next try

class LiveView extends Widget {
  waiting = new Map();
  counts = { came: 0, skipped: 0, old: 0 };

  build() {
    this.box = el('query-box', { onquery: ({ detail }) => this.submit(detail) });
    this.excluded = el('exclusion-chips', { onchange: () => this.connect() });
    this.pauseButton = el('button', { type: 'button', class: 'primary', 'aria-pressed': 'false', 'data-testid': 'pause-button', onclick: () => this.pause(!this.paused) }, 'Pause');
    this.status = el('h2', { class: 'status', 'data-testid': 'live-status', 'aria-live': 'polite' });
    this.tally = el('p', { class: 'muted', 'data-testid': 'live-counts' });
    this.list = el('trace-list', { plain: true });
    this.trouble = el('div');
    this.append(
      el('h1', { class: 'visually-hidden', tabindex: '-1' }, 'Live tail'),
      el('div', { class: 'search', role: 'search' }, this.box,
        el('button', { type: 'button', 'data-testid': 'filter-button', onclick: () => this.submit(this.box.value) }, 'Filter'), this.pauseButton,
        el('button', { type: 'button', class: 'quiet', onclick: () => this.clear() }, 'Clear')),
      this.excluded,
      el('div', { class: 'toolbar' }, this.status, this.tally), this.trouble, this.list);
    document.addEventListener('keydown', (event) => this.isConnected && onKey(event, { p: () => this.pause(!this.paused) }));
  }

  submit(text) {
    const id = bareTraceId(text);
    go(id ? traceLink(id) : link('/live', { q: text.trim() }));
  }

  show({ params }) {
    document.title = 'Live – Wingbeat';
    const q = params.q ?? '';
    if (this.q !== q) this.clear();
    this.q = q;
    this.box.value = q;
    this.excluded.refresh();
    this.connect();
  }

  hide() {
    this.disconnect();
  }

  disconnect() {
    clearTimeout(this.retry);
    this.events?.close();
    this.events = null;
  }

  connect() {
    this.disconnect();
    this.trouble.replaceChildren();
    this.say('Connecting…');
    this.asked = excluding(this.q, this.excluded.active);
    const events = new EventSource(url('tail', { q: this.asked.text }));
    events.addEventListener('open', () => this.say());
    events.addEventListener('trace', ({ data }) => this.take(JSON.parse(data)));
    events.addEventListener('skipped', ({ data }) => this.skip(data));
    events.addEventListener('error', () => this.lost(events));
    this.events = events;
  }

  /** The browser tries again by itself, unless the collector refused; then it is asked why. */
  async lost(events) {
    this.say('Connection lost, trying again…');
    if (events.readyState !== EventSource.CLOSED) return;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), again);
    try {
      await get('tail', { q: this.asked.text }, stop.signal, { quiet: true });
    } catch (error) {
      if (events !== this.events) return;
      if (error instanceof ApiError) this.complain(error);
      if (error.status === 400) return;
    }
    if (events === this.events) this.retry = setTimeout(() => this.connect(), again);
  }

  complain(error) {
    if (error.status === 400) this.say('Not connected');
    const mistake = mistakeIn(this.q, error, this.asked.moved);
    if (mistake.position === undefined) this.trouble.replaceChildren(errorMessage(mistake));
    else this.box.complain(mistake);
  }

  skip(data) {
    const { skipped = data } = Object(JSON.parse(data));
    this.counts.skipped += Number(skipped) || 0;
    this.later();
  }

  take(said) {
    const trace = { ...said, services: (said.services ?? []).map(named) };
    const known = this.waiting.get(trace.traceId);
    this.waiting.delete(trace.traceId);
    this.waiting.set(trace.traceId, known ? together(known, trace) : trace);
    this.counts.came += 1;
    if (this.waiting.size > most) {
      this.waiting.delete(this.waiting.keys().next().value);
      this.counts.old += 1;
    }
    this.later();
  }

  later() {
    if (this.due) return;
    this.due = setTimeout(() => {
      this.due = null;
      if (!this.paused) this.counts.old += this.list.addOnTop(this.waiting, most, together);
      this.say();
    }, 100);
  }

  pause(on) {
    this.paused = on;
    this.pauseButton.textContent = on ? 'Resume' : 'Pause';
    this.pauseButton.setAttribute('aria-pressed', String(on));
    this.later();
  }

  clear() {
    this.list.clear();
    this.waiting.clear();
    this.counts = { came: 0, skipped: 0, old: 0 };
    this.say();
  }

  say(text) {
    const { came, skipped, old } = this.counts;
    const state = text ?? (this.paused ? 'Paused' : came === 0 ? 'Live: waiting for spans' : 'Live');
    if (this.status.textContent !== state) this.status.textContent = state;
    this.tally.textContent = [
      plural(this.list.traces.size, 'trace'),
      this.paused && `${plural(this.waiting.size, 'more', 'more')} since the pause`,
      old > 0 && `${compact(old)} older ones no longer shown`,
      `${plural(skipped, 'span')} skipped`,
    ].filter(Boolean).join(' · ');
  }
}

/** The tail names services; how many spans each has it says only where it knows. */
const named = (service) => (typeof service === 'string' ? { name: service, spanCount: 0 } : service);

/** Spans of one trace come in several parts. */
function together(one, other) {
  const services = new Map(one.services.map((service) => [service.name, service]));
  for (const { name, spanCount } of other.services) services.set(name, { name, spanCount: (services.get(name)?.spanCount ?? 0) + spanCount });
  const [first, last] = [one, other].sort((a, b) => (a.timestamp ?? Infinity) - (b.timestamp ?? Infinity));
  const end = Math.max(...[one, other].map(({ timestamp, duration }) => (timestamp ?? 0) + (duration ?? 0)));
  return {
    ...(last.timestamp === first.timestamp && (last.duration ?? 0) > (first.duration ?? 0) ? last : first),
    duration: first.timestamp ? end - first.timestamp : undefined,
    spanCount: one.spanCount + other.spanCount, errorCount: one.errorCount + other.errorCount,
    services: [...services.values()],
  };
}

customElements.define('live-view', LiveView);
