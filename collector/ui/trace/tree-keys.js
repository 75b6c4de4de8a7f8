// The keys of a tree grid, as the ARIA practices have them.

const pageStep = 20;

export function treeKey(waterfall, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { rows } = waterfall;
  const row = waterfall.rowOf(waterfall.active);
  const isOpen = rows.isExpandable(row) && rows.isOpen(row);
  const to = (wanted) => waterfall.activate(Math.min(rows.count - 1, Math.max(0, wanted)));
  const actions = {
    ArrowDown: () => to(row + 1),
    ArrowUp: () => to(row - 1),
    PageDown: () => to(row + pageStep),
    PageUp: () => to(row - pageStep),
    Home: () => to(0),
    End: () => to(Infinity),
    ArrowRight: () => (isOpen ? to(row + 1) : waterfall.toggle(row, true)),
    ArrowLeft: () => (isOpen ? waterfall.toggle(row, false) : waterfall.activate(rows.parentRow(row))),
    Enter: () => waterfall.choose(row),
    ' ': () => waterfall.choose(row),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
}
