// The keys of the trace view, beside those of the tree itself.

export const traceKeys = [
  ['↓ ↑', 'next, previous row'], ['← →', 'close, open a row'], ['Enter', 'details of the span'], ['Esc', 'close the details'],
  ['e E', 'next, previous error'], ['f', 'find spans'], ['n N', 'next, previous match'], ['o', 'only the matches'],
  ['+ −', 'zoom in, out'], ['a d', 'to the left, right'], ['z', 'zoom to the span'], ['0', 'the whole trace'],
  ['c x', 'collapse, expand all'], ['r', 'fold repeats'], ['p', 'critical path'], ['1 2 3', 'waterfall, flame graph, table'],
];

export function traceKey(view, event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.target.closest?.('input, textarea, select, .menu[open]')) return;
  const isLed = view.leading; // `g` and a letter go to other views
  view.leading = event.key === 'g';
  if (isLed) return;
  const { zoom, params } = view;
  const flip = (key) => () => view.update({ [key]: params[key] === 'off' ? undefined : 'off' });
  const actions = {
    e: () => view.nextError(1), E: () => view.nextError(-1),
    n: () => view.nextMatch(1), N: () => view.nextMatch(-1),
    f: () => view.toolbar.box.input.focus(), o: () => view.update({ only: params.only ? undefined : '1' }),
    '+': () => zoom.by(0.5), '=': () => zoom.by(0.5), '-': () => zoom.by(2), 0: () => zoom.whole(),
    a: () => zoom.pan(-0.25), d: () => zoom.pan(0.25), z: () => view.zoomToSpan(),
    c: () => view.fold('collapseAll'), x: () => view.fold('expandAll'), r: flip('folds'), p: flip('path'),
    1: () => view.update({ view: undefined }), 2: () => view.update({ view: 'flame' }), 3: () => view.update({ view: 'table' }),
    Escape: () => view.unchoose(),
  };
  if (!Object.hasOwn(actions, event.key) || (event.key === 'Escape' && view.index === undefined)) return;
  event.preventDefault();
  actions[event.key]();
}
