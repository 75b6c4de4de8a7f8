// Reads from the collector. Paths are relative to the page, so that it works behind any prefix.

export class ApiError extends Error {}

let running = 0;

function count(change) {
  running += change;
  document.documentElement.toggleAttribute('data-busy', running > 0);
}

async function read(path, query, signal) {
  const params = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
  const search = params.toString();
  let response;
  try {
    response = await fetch(`api/v2/${path}${search ? `?${search}` : ''}`, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The collector does not answer. Is it still running?');
  }
  if (!response.ok) {
    const text = (await response.text()).trim().slice(0, 1000);
    throw new ApiError(text || `The collector answered ${response.status} ${response.statusText}`);
  }
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The collector answered with something other than JSON.');
  }
}

async function get(path, query = {}, signal = undefined) {
  count(1);
  try {
    return await read(path, query, signal);
  } finally {
    count(-1);
  }
}

export const rawTraceURL = (traceId) => `api/v2/trace/${encodeURIComponent(traceId)}`;
export const spansURL = () => new URL('api/v2/spans', document.baseURI).href;

export const services = (signal) => get('services', {}, signal);
export const spanNames = (serviceName, signal) => get('spans', { serviceName }, signal);
export const traces = (query, signal) => get('traces', query, signal);
export const trace = (traceId, signal) => get(`trace/${encodeURIComponent(traceId)}`, {}, signal);
export const dependencies = (query, signal) => get('dependencies', query, signal);
