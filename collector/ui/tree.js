// Spans into a tree that holds every span exactly once, whatever is missing, doubled or looped.

import { mergeFragments } from './merge.js';

function makeNode({ span, shared, side }) {
  return {
    span, shared, side,
    service: span.localEndpoint?.serviceName ?? '',
    failed: span.tags?.error !== undefined,
    parent: null,
    children: [],
    level: 1, // of the tree, from 1
    position: 1, // among the siblings, from 1
    siblings: 1, // this one included
    size: 0, // spans below this one
    errorsBelow: 0,
    orphan: '', // why a span with a parent stands at the top: 'missing' or 'loop'
  };
}

const startOf = (node) => node.span.timestamp ?? Infinity;
const byStart = (one, other) => (startOf(one) === startOf(other) ? 0 : startOf(one) - startOf(other));

function groupById(nodes) {
  const byId = new Map();
  for (const node of nodes) {
    if (byId.has(node.span.id)) byId.get(node.span.id).push(node);
    else byId.set(node.span.id, [node]);
  }
  return byId;
}

/** The parent node; null for a root; undefined when the parent was never received. */
function findParent(node, byId) {
  const { id, parentId } = node.span;
  if (node.shared) {
    const [caller] = byId.get(id);
    if (!caller.shared) return caller;
  }
  if (!parentId || parentId === id) return null;
  const sides = byId.get(parentId) ?? [];
  const ofService = sides.filter(({ service }) => service === node.service);
  return ofService.find(({ shared }) => shared) ?? ofService[0] ?? sides[0];
}

function makeRoot(node, reason, roots) {
  node.parent = null;
  node.orphan = reason;
  roots.push(node);
}

/** Nodes whose ancestors never end are in a loop or hang from one; each loop is cut open once. */
function cutLoops(nodes, roots) {
  const grounded = new Set(roots);
  for (const start of [...nodes].sort(byStart)) {
    const path = new Set();
    let node = start;
    while (!grounded.has(node) && !path.has(node)) {
      path.add(node);
      node = node.parent;
    }
    if (!grounded.has(node)) makeRoot(node, 'loop', roots);
    for (const passed of path) grounded.add(passed);
  }
}

function findRoots(nodes) {
  const byId = groupById(nodes);
  const roots = [];
  for (const node of nodes) {
    const parent = findParent(node, byId);
    if (parent) node.parent = parent;
    else makeRoot(node, parent === undefined ? 'missing' : '', roots);
  }
  cutLoops(nodes, roots);
  for (const node of nodes) node.parent?.children.push(node);
  for (const node of nodes) node.children.sort(byStart);
  return roots.sort((one, other) => Boolean(one.orphan) - Boolean(other.orphan) || byStart(one, other));
}

/** Parents before children, children in order of their start. Not recursive: traces can be very deep. */
function inOrder(roots) {
  const ordered = [];
  const stack = [];
  const push = (nodes) => {
    for (let index = nodes.length - 1; index >= 0; index -= 1) {
      nodes[index].position = index + 1;
      nodes[index].siblings = nodes.length;
      stack.push(nodes[index]);
    }
  };
  push(roots);
  while (stack.length > 0) {
    const node = stack.pop();
    if (node.parent) node.level = node.parent.level + 1;
    ordered.push(node);
    push(node.children);
  }
  return ordered;
}

function sumUp(ordered) {
  for (let index = ordered.length - 1; index >= 0; index -= 1) {
    const { parent, size, errorsBelow, failed } = ordered[index];
    if (!parent) continue;
    parent.size += size + 1;
    parent.errorsBelow += errorsBelow + (failed ? 1 : 0);
  }
}

function timeRange(nodes) {
  let start = Infinity;
  let end = -Infinity;
  for (const { span } of nodes) {
    if (span.timestamp === undefined) continue;
    start = Math.min(start, span.timestamp);
    end = Math.max(end, span.timestamp + (span.duration ?? 0));
  }
  return start === Infinity ? {} : { start, duration: end - start };
}

/** A trace ready to be drawn: `nodes` from top to bottom, and the sums that describe it. */
export function buildTrace(spans) {
  const nodes = inOrder(findRoots(mergeFragments(spans).map(makeNode)));
  sumUp(nodes);
  const services = new Map();
  for (const { service } of nodes) services.set(service, (services.get(service) ?? 0) + 1);
  return {
    id: spans[0]?.traceId ?? '',
    nodes,
    root: nodes[0],
    services,
    errors: nodes.filter(({ failed }) => failed).length,
    depth: nodes.reduce((depth, { level }) => Math.max(depth, level), 0),
    ...timeRange(nodes),
  };
}

export const findNode = (trace, spanId, side = 1) =>
  trace.nodes.find((node) => node.span.id === spanId && node.side === side)
  ?? trace.nodes.find((node) => node.span.id === spanId);
