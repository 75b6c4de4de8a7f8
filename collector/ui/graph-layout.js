// Where services stand in a picture of who calls whom: callers left of the called, with few crossings.
// Loops are cut, services stand in layers by their longest way from a root, and long edges get bends of their own.

const sweeps = 8;

/** The edges without those that would close a loop. */
function withoutLoops(names, edges) {
  const out = Map.groupBy(edges, ({ parent }) => parent);
  const state = new Map();
  const back = new Set();
  const visit = (start) => {
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1);
      const edge = (out.get(top.name) ?? [])[top.next];
      top.next += 1;
      if (!edge) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(edge.child) === 'open') {
        back.add(edge);
      } else if (!state.has(edge.child)) {
        state.set(edge.child, 'open');
        stack.push({ name: edge.child, next: 0 });
      }
    }
  };
  const called = new Set(edges.map(({ child }) => child));
  for (const name of [...names.filter((one) => !called.has(one)), ...names]) if (!state.has(name)) visit(name);
  return edges.filter((edge) => !back.has(edge));
}

function layersOf(names, edges) {
  const layer = new Map(names.map((name) => [name, 0]));
  for (let changed = true, round = 0; changed && round <= names.length; round += 1) {
    changed = false;
    for (const { parent, child } of edges) {
      if (layer.get(child) > layer.get(parent)) continue;
      layer.set(child, layer.get(parent) + 1);
      changed = true;
    }
  }
  return layer;
}

/** Each edge as a chain of points, one in every layer that it crosses. */
function chains(edges, layer, layers) {
  return edges.map((edge) => {
    const from = Math.min(layer.get(edge.parent), layer.get(edge.child));
    const to = Math.max(layer.get(edge.parent), layer.get(edge.child));
    const [first, last] = layer.get(edge.parent) <= layer.get(edge.child) ? [edge.parent, edge.child] : [edge.child, edge.parent];
    const points = [first];
    for (let index = from + 1; index < to; index += 1) {
      const bend = { bend: true };
      layers[index].push(bend);
      points.push(bend);
    }
    points.push(last);
    return { edge, points };
  });
}

/** Moves each point towards the middle of its neighbours, layer by layer, forth and back. */
function untangle(layers, chained) {
  const neighbours = new Map();
  const join = (one, other) => neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
  for (const { points } of chained) {
    for (let index = 1; index < points.length; index += 1) {
      join(points[index - 1], points[index]);
      join(points[index], points[index - 1]);
    }
  }
  const place = new Map();
  const number = (layer) => layer.forEach((point, index) => place.set(point, (index + 0.5) / layer.length));
  layers.forEach(number);
  const middle = (point, beside) => {
    const near = (neighbours.get(point) ?? []).filter((other) => beside.has(other));
    return near.length ? near.reduce((sum, other) => sum + place.get(other), 0) / near.length : place.get(point);
  };
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const order = sweep % 2 ? [...layers.keys()].reverse() : [...layers.keys()];
    for (const index of order) {
      const beside = new Set(layers[index + (sweep % 2 ? 1 : -1)] ?? []);
      const wanted = new Map(layers[index].map((point) => [point, middle(point, beside)]));
      layers[index].sort((one, other) => wanted.get(one) - wanted.get(other));
      number(layers[index]);
    }
  }
}

/**
 * Places services and edges (`{ parent, child }`) on a plane: `{ nodes: Map name → { x, y }, edges: [{ edge, points }],
 * width, height }`. `size` says how far layers and neighbours are apart.
 */
export function layOut(edges, size) {
  const names = [...new Set(edges.flatMap(({ parent, child }) => [parent, child]))];
  const between = edges.filter(({ parent, child }) => parent !== child);
  const layer = layersOf(names, withoutLoops(names, between));
  const layers = Array.from({ length: Math.max(0, ...layer.values()) + 1 }, () => []);
  for (const name of names) layers[layer.get(name)].push(name);
  const chained = chains(between, layer, layers);
  untangle(layers, chained);
  const tallest = Math.max(...layers.map(({ length }) => length));
  const points = new Map();
  layers.forEach((members, column) => members.forEach((member, index) => points.set(member, {
    x: column * size.across, y: (index + (tallest - members.length) / 2) * size.down,
  })));
  return {
    nodes: new Map(names.map((name) => [name, points.get(name)])),
    edges: edges.map((edge) => ({ edge, points: (chained.find((chain) => chain.edge === edge)?.points ?? [edge.parent]).map((point) => points.get(point)) })),
    width: (layers.length - 1) * size.across, height: (tallest - 1) * size.down,
  };
}
