// Statements to begin with, and the tables they may ask (docs/guides/sql.md).

const lastHour = 'start >= (unixepoch() - 3600) * 1000000000';

export const examples = [
  ['Slowest traces that failed', `SELECT trace_id, root_service, root_name, duration / 1e6 AS ms, errors, spans
FROM traces WHERE errors > 0 ORDER BY duration DESC LIMIT 20`],
  ['Spans of every minute', `SELECT strftime('%Y-%m-%d %H:%M', start / 1000000000, 'unixepoch') AS minute, count(*) AS spans
FROM spans WHERE ${lastHour} GROUP BY minute ORDER BY minute`],
  ['Errors by service', `SELECT service, sum(error) AS errors, count(*) AS spans
FROM spans WHERE ${lastHour} GROUP BY service ORDER BY errors DESC`],
  ['Operations by total time', `SELECT service || ' ' || name AS operation, sum(duration) / 1e9 AS seconds, count(*) AS calls, avg(duration) / 1e6 AS mean_ms
FROM spans WHERE ${lastHour} GROUP BY operation ORDER BY seconds DESC LIMIT 20`],
  ['What failed, in words', `SELECT coalesce(message, json_extract(attributes, '$.error'), name) AS what, count(*) AS times, max(trace_id) AS trace_id
FROM spans WHERE error = 1 AND ${lastHour} GROUP BY what ORDER BY times DESC LIMIT 20`],
  ['Values of an attribute', `SELECT value, count(*) AS spans
FROM attributes WHERE key = 'http.route' AND ${lastHour} GROUP BY value ORDER BY spans DESC`],
];

export const tables = [
  ['spans', 'trace_id, span_id, parent_id, service, name, kind, start, duration, status, message, error, remote_service, scope, scope_version, trace_state, shared, debug, attributes, resource'],
  ['traces', 'trace_id, start, duration, spans, errors, services, root_service, root_name'],
  ['attributes', 'trace_id, span_id, service, start, key, value, type, source'],
  ['events', 'trace_id, span_id, service, start, time, name, attributes'],
  ['links', 'trace_id, span_id, service, start, linked_trace_id, linked_span_id, trace_state, attributes'],
];
