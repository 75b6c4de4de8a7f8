// Checks of the trace's model that need no picture: shapes that no client means to send, and sums that must hold.

export async function checks(base) {
  const load = (name) => import(new URL(`ui/trace/${name}.js`, base).href);
  const [{ Trace, orphan }, { selfTimes, criticalPath }, { Rows }, { flamePaths }, { Zoom }, { ticks }] =
    await Promise.all(['model', 'times', 'rows', 'flame-paths', 'zoom', 'axis'].map(load));
  const failures = [];
  const check = (name, holds) => { if (!holds) failures.push(name); };
  const id = (number) => number.toString(16).padStart(16, '0');
  const make = (spans) => new Trace({ traceId: 'aa', startNs: '1700000000000000000', names: ['a', 'b', 'c'], services: ['one', 'two'], spans, truncated: 0, problems: [] });
  const span = (number, parent, { start = 0, duration = 100, name = 0, service = 0, kind = 0, flags = 0, side = 1 } = {}) =>
    [id(number), parent === null ? null : id(parent), name, service, kind, start, duration, flags, side];

  const empty = make([]);
  check('an empty trace has no rows', empty.count === 0 && new Rows(empty, selfTimes(empty)).count === 0 && criticalPath(empty).size === 0);

  const loop = make([span(1, 2), span(2, 3), span(3, 1), span(4, 3)]);
  check('a loop is cut once', [...loop.orphan].filter((reason) => reason === orphan.loop).length === 1);
  check('every span of a loop is there', new Set(loop.id).size === 4 && loop.size[0] === 3);

  const own = make([span(1, 1)]);
  check('a span that is its own parent is a root', own.parent[0] === -1 && own.orphan[0] === orphan.none);

  const lost = make([span(1, null), span(2, 99)]);
  check('a lost parent is said', lost.missing === 1 && lost.parent[1] === -1);

  const shared = make([span(1, null, { kind: 3 }), span(1, null, { kind: 2, side: 2, service: 1, start: 10, duration: 50, flags: 2 }), span(2, 1, { service: 1, start: 20, duration: 10 })]);
  check('the server hangs below the client of its id', shared.parent[1] === 0 && shared.side[1] === 2);
  check('its own calls hang below the server', shared.parent[2] === 1);
  check('both sides are found', shared.find(id(1), 1) === 0 && shared.find(id(1), 2) === 1);

  const depth = 60_000;
  const deep = make(Array.from({ length: depth }, (_, index) => span(index + 1, index || null, { start: index, duration: 2 * (depth - index) })));
  const deepRows = new Rows(deep, selfTimes(deep));
  check('a very deep trace is laid out', deep.depth === depth && deepRows.count === depth);
  check('… and its path and flames are found', criticalPath(deep).size === depth && flamePaths(deep, selfTimes(deep)).children.length === 1);

  const untimed = make([span(1, null, { start: null, duration: null }), span(2, 1, { start: null, duration: 5 })]);
  check('spans without times take none', untimed.total === 0 && selfTimes(untimed)[0] === 0);

  for (let seed = 1; seed <= 40; seed += 1) randomTrace(seed);

  function randomTrace(seed) {
    let state = seed * 2654435761 % 2 ** 32;
    const random = (below) => { state = (state * 1664525 + 1013904223) % 2 ** 32; return Math.floor((state / 2 ** 32) * below); };
    const count = 1 + random(300);
    const times = [[0, 100_000]];
    const rows = [span(1, null, { duration: 100_000 })];
    const parents = [-1];
    for (let number = 1; number < count; number += 1) {
      const parent = random(number);
      const start = times[parent][0] + random(Math.max(1, times[parent][1]));
      const duration = 1 + random(Math.max(1, times[parent][0] + times[parent][1] - start));
      times.push([start, duration]);
      parents.push(parent);
      rows.push(span(number + 1, parent + 1, { start, duration, name: random(3), service: random(2), flags: random(20) === 0 ? 1 : 0 }));
    }
    const shuffled = rows.map((row) => [random(1 << 30), row]).sort(([one], [other]) => one - other).map(([, row]) => row);
    const trace = make(shuffled);
    const self = selfTimes(trace);
    const failed = (index) => (rows[index][7] & 1);
    const below = parents.map(() => [0, 0]);
    for (let index = count - 1; index > 0; index -= 1) {
      below[parents[index]][0] += 1 + below[index][0];
      below[parents[index]][1] += failed(index) + below[index][1];
    }
    for (let index = 0; index < count; index += 1) {
      const at = trace.find(id(index + 1));
      const parent = trace.parent[at] < 0 ? -1 : parseInt(trace.id[trace.parent[at]], 16) - 1;
      check(`seed ${seed}: parents`, parent === parents[index]);
      check(`seed ${seed}: sums`, trace.size[at] === below[index][0] && trace.errorsBelow[at] === below[index][1]);
      check(`seed ${seed}: self time`, self[at] === bruteSelf(index));
    }
    let path = 0;
    for (const stretches of criticalPath(trace).values()) for (let place = 0; place < stretches.length; place += 2) path += stretches[place + 1] - stretches[place];
    check(`seed ${seed}: the critical path is as long as the trace`, path === 100_000);
    const flames = flamePaths(trace, self);
    check(`seed ${seed}: flames add up`, Math.abs(flames.value - self.reduce((sum, time) => sum + time, 0)) < 1e-6);
    foldsHold(trace, self, seed);

    /** Nanosecond by stretch: between the edges of children, whether one runs. */
    function bruteSelf(index) {
      const [start, duration] = times[index];
      const children = times.filter((_, other) => parents[other] === index);
      const edges = [start, start + duration, ...children.flatMap(([from, length]) => [from, from + length])].filter((edge) => edge >= start && edge <= start + duration).sort((one, other) => one - other);
      let sum = 0;
      for (let place = 1; place < edges.length; place += 1) {
        const middle = (edges[place - 1] + edges[place]) / 2;
        if (!children.some(([from, length]) => from <= middle && middle <= from + length)) sum += edges[place] - edges[place - 1];
      }
      return sum;
    }
  }

  function foldsHold(trace, self, seed) {
    const rows = new Rows(trace, self);
    for (let fold = 0; fold < rows.folds.length; fold += 1) rows.opened.add(fold);
    rows.layOut();
    const shown = rows.items.filter((item) => item >= 0);
    check(`seed ${seed}: with all folds open every span is there once`, shown.length === trace.count && new Set(shown).size === trace.count);
    rows.isFolding = false;
    rows.layOut();
    check(`seed ${seed}: without folds rows are the spans in order`, rows.items.every((item, row) => item === row) && rows.count === trace.count);
    rows.collapseAll();
    check(`seed ${seed}: collapsed rows hide all below`, rows.items.every((item) => trace.level[item] <= 2));
    check(`seed ${seed}: a hidden span is uncovered`, rows.uncover(trace.count - 1) && rows.rowOf[trace.count - 1] >= 0);
    rows.matches = [trace.count - 1];
    rows.expandAll();
    check(`seed ${seed}: a filter keeps ancestors`, rows.count === trace.level[trace.count - 1]);
  }

  const zoom = new Zoom();
  zoom.reset(1_000_000);
  zoom.by(0.5, 0);
  check('zoom keeps its place', zoom.from === 0 && zoom.to === 500_000);
  zoom.pan(10);
  check('panning ends at the end', zoom.to === 1_000_000 && zoom.width === 500_000);
  zoom.parse('250000-260000');
  check('zoom of a link', zoom.from === 250_000 && zoom.to === 260_000 && `${zoom}` === '250000-260000');
  for (const bad of ['', 'x', '5-1', '1-99999999999999999999', '-1-5']) {
    zoom.parse(bad);
    check(`a link's zoom of “${bad}” is the whole`, zoom.isWhole);
  }
  for (const width of [200, 390, 900]) {
    for (let total = 1; total < 1e14; total *= 7) {
      const labels = ticks(0, total, width).map(({ label }) => label);
      check(`ticks of ${total} in ${width}`, labels.length <= 9 && labels.length >= 1 && new Set(labels).size === labels.length);
    }
  }
  return failures;
}
