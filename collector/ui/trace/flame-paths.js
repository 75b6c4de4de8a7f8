// Spans with the same operations above them, as one node: what a flame graph draws.

const nodeFor = (parent, name, service) => ({ parent, name, service, count: 0, errors: 0, self: 0, value: 0, children: [], byKey: new Map() });

function childFor(parent, trace, index) {
  const key = trace.name[index] * trace.services.length + trace.service[index];
  if (!parent.byKey.has(key)) {
    const child = nodeFor(parent, trace.nameOf(index), trace.serviceOf(index));
    parent.byKey.set(key, child);
    parent.children.push(child);
  }
  return parent.byKey.get(key);
}

/** `value` is the self time of a node and of all below it, so that children never outgrow their parent. */
export function flamePaths(trace, self) {
  const root = nodeFor(null, '', '');
  const nodes = [root];
  const nodeOf = new Array(trace.count);
  for (let index = 0; index < trace.count; index += 1) {
    const above = trace.parent[index] < 0 ? root : nodeOf[trace.parent[index]];
    const node = childFor(above, trace, index);
    if (node.count === 0) nodes.push(node);
    nodeOf[index] = node;
    node.count += 1;
    node.self += self[index];
    if (trace.failed(index)) node.errors += 1;
  }
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const node = nodes[place];
    node.value += node.self;
    if (node.parent) node.parent.value += node.value;
    node.children.sort((one, other) => other.value - one.value);
  }
  return root;
}
