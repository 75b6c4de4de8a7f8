// Who is whose child, whatever is missing, doubled or looped: every span has its place exactly once.

const [id, parentId, , service, , start, , , side] = Array.from({ length: 9 }, (_, index) => index);

function groupById(rows) {
  const byId = new Map();
  rows.forEach((row, index) => {
    const known = byId.get(row[id]);
    if (known === undefined) byId.set(row[id], index);
    else if (typeof known === 'number') byId.set(row[id], [known, index]);
    else known.push(index);
  });
  return (wanted) => {
    const found = byId.get(wanted);
    return found === undefined ? [] : typeof found === 'number' ? [found] : found;
  };
}

/** A row; -1 for the top; undefined when the parent was never received. */
function parentOf(rows, index, sides) {
  const row = rows[index];
  if (row[side] === 2) {
    const caller = sides(row[id]).find((other) => rows[other][side] !== 2);
    if (caller !== undefined) return caller;
  }
  if (!row[parentId] || row[parentId] === row[id]) return -1;
  const found = sides(row[parentId]);
  if (found.length < 2) return found[0];
  const ofService = found.filter((other) => rows[other][service] === row[service]);
  return ofService.find((other) => rows[other][side] === 2) ?? ofService[0] ?? found[0];
}

/** Spans whose ancestors never end are in a loop or hang from one; each loop is cut open once. */
function cutLoops(parents, reasons, reason) {
  const state = new Uint8Array(parents.length); // 1: on the path walked now, 2: leads to the top
  for (let begin = 0; begin < parents.length; begin += 1) {
    const path = [];
    let index = begin;
    for (; index >= 0 && state[index] === 0; index = parents[index]) {
      state[index] = 1;
      path.push(index);
    }
    if (index >= 0 && state[index] === 1) {
      parents[index] = -1;
      reasons[index] = reason;
    }
    for (const passed of path) state[passed] = 2;
  }
}

/** The parent of each row, and why a span that has one stands at the top. */
export function findParents(rows, orphan) {
  const sides = groupById(rows);
  const parents = new Int32Array(rows.length);
  const reasons = new Uint8Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const parent = parentOf(rows, index, sides);
    parents[index] = parent ?? -1;
    if (parent === undefined) reasons[index] = orphan.missing;
  }
  cutLoops(parents, reasons, orphan.loop);
  return { parents, reasons };
}

const startOf = (row) => row[start] ?? Infinity;

function inOrderOfStart(rows, parents) {
  const order = Uint32Array.from(rows, (_, index) => index);
  const isSorted = rows.every((row, index) => index === 0 || startOf(rows[index - 1]) <= startOf(row));
  const isCaller = (index) => (parents[index] < 0 ? 0 : 1);
  const compare = (one, other) => {
    const [start, after] = [startOf(rows[one]), startOf(rows[other])];
    return start === after ? isCaller(one) - isCaller(other) || one - other : start - after;
  };
  return isSorted ? order : order.sort(compare);
}

/** Linked lists: the first child of each row (the last entry: the first at the top) and the next sibling; -1 ends them. */
export function childLists(rows, parents) {
  const first = new Int32Array(rows.length + 1).fill(-1);
  const next = new Int32Array(rows.length).fill(-1);
  const order = inOrderOfStart(rows, parents);
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const row = order[place];
    const above = parents[row] < 0 ? rows.length : parents[row];
    next[row] = first[above];
    first[above] = row;
  }
  return { first, next };
}
