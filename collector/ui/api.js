// Asks the collector. Paths are relative to the page, so that it works behind any prefix.

/** A sentence for the reader; `position` is where in a query the mistake is, when it is one. */
export class ApiError extends Error {
  constructor(message, { position, status } = {}) {
    super(message);
    Object.assign(this, { position, status });
  }
}

let running = 0;

function count(change) {
  running += change;
  document.documentElement.toggleAttribute('data-busy', running > 0);
}

export function url(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(given).toString();
  return `api/${path}${search ? `?${search}` : ''}`;
}

async function problem(response) {
  const text = (await response.text()).trim();
  const { status } = response;
  if (response.headers.get('content-type')?.startsWith('application/json')) {
    try {
      const { error, position } = JSON.parse(text);
      if (error) return new ApiError(String(error), { position, status });
    } catch {
      // Then the text says it.
    }
  }
  return new ApiError(text.slice(0, 1000) || `The collector answered ${status} ${response.statusText}`, { status });
}

/** The response to a request that went well. */
async function ask(path, query, options = {}) {
  let response;
  try {
    response = await fetch(url(path, query), options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The collector does not answer. Is it still running?');
  }
  if (!response.ok) throw await problem(response);
  return response;
}

async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The collector answered with something other than JSON.');
  }
}

async function busy(work) {
  count(1);
  try {
    return await work();
  } finally {
    count(-1);
  }
}

const headers = { accept: 'application/json' };

/** What `api/<path>` answers, from JSON. `quiet`: without the sign that the page waits. */
export function get(path, query = {}, signal = undefined, { quiet = false } = {}) {
  const work = async () => json(await ask(path, query, { signal, headers }));
  return quiet ? work() : busy(work);
}

export const text = (path, query, accept) => busy(async () => (await ask(path, query, { headers: { accept } })).text());

export const post = (path, body) => busy(async () => json(await ask(path, {}, { method: 'POST', body, headers })));

/** The objects of an answer of JSON lines, as they come: an array for each piece that arrived. */
export async function* lines(path, query, signal) {
  count(1);
  try {
    const response = await ask(path, query, { signal });
    let rest = '';
    for await (const piece of pieces(response.body.pipeThrough(new TextDecoderStream()))) {
      const parts = (rest + piece).split('\n');
      rest = parts.pop();
      yield parts.filter(Boolean).map((line) => JSON.parse(line));
    }
    if (rest.trim()) yield [JSON.parse(rest)];
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof ApiError) throw error;
    throw new ApiError('The answer broke off. Is the collector still running?');
  } finally {
    count(-1);
  }
}

async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const spansURL = () => new URL(url('v2/spans'), document.baseURI).href;

export const services = (signal) => get('v2/services', {}, signal);
export const spanNames = (serviceName, signal) => get('v2/spans', { serviceName }, signal);
export const trace = (traceId, signal) => get(`v2/trace/${encodeURIComponent(traceId)}`, {}, signal);
export const operations = (query, signal) => get('statistics/operations', query, signal);
export const links = (query, signal) => get('statistics/links', query, signal);
export const search = (query, signal) => lines('search', query, signal);
export const completions = (q, position, signal) => get('search/complete', { q, position }, signal, { quiet: true });
export const sql = (q, signal) => get('sql', { q }, signal);
export const sqlAsCSV = (q) => text('sql', { q, limit: 100_000 }, 'text/csv');
export const status = (signal) => get('status', {}, signal, { quiet: true });
export const upload = (file) => post('upload', file);
