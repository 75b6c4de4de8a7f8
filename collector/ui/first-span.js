// For those who have no spans yet: one command that sends one.

import { spansURL } from './api.js';
import { el } from './dom.js';
import { copyButton } from './widgets.js';

const randomId = () => [...crypto.getRandomValues(new Uint8Array(8))]
  .map((byte, index) => (index === 0 ? byte | 1 : byte).toString(16).padStart(2, '0')).join('');

function command() {
  const id = randomId();
  const url = spansURL().replaceAll("'", '%27');
  // The shell fills in the time, so that the command still works when it is pasted tomorrow.
  return `curl -sS '${url}' -H 'Content-Type: application/json' -d '[{"traceId":"${id}","id":"${id}","kind":"SERVER",`
    + `"name":"get /hello","timestamp":'$(date +%s)'000000,"duration":42000,`
    + `"localEndpoint":{"serviceName":"my-first-service"},"tags":{"http.route":"/hello"}}]'`;
}

export function firstSpan() {
  const line = command();
  return el('div', { class: 'first-span', 'data-testid': 'first-span' },
    el('p', {}, 'Paste this into a terminal, then press Refresh:'),
    el('div', { class: 'command' },
      el('pre', { tabindex: '0', 'aria-label': 'Command that sends one span' }, el('code', {}, line)),
      copyButton(line, 'the command')),
    el('p', {}, 'Or give any Zipkin client this address: ', el('code', { class: 'data' }, spansURL())));
}
