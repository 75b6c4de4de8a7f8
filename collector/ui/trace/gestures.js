// The pointer on the waterfall's timeline: drag to zoom in, wheel with Ctrl to zoom, sideways or with Shift to pan.
// Fingers scroll the page; they zoom in the minimap.

import { el } from '../dom.js';

const click = 4; // pixels that a hand may tremble

const placeIn = (waterfall, event) => {
  const { left, width } = waterfall.timeline.getBoundingClientRect();
  return { x: event.clientX - left, width, share: Math.min(1, Math.max(0, (event.clientX - left) / width)) };
};

export function dragToZoom(waterfall) {
  const frame = el('span', { class: 'drag-frame', hidden: true });
  waterfall.timeline.append(frame);
  let begun;
  const paint = (to) => {
    frame.hidden = false;
    frame.style.left = `${Math.min(begun, to) * 100}%`;
    frame.style.width = `${Math.abs(to - begun) * 100}%`;
  };
  const stop = () => {
    begun = undefined;
    frame.hidden = true;
  };
  waterfall.stage.addEventListener('pointerdown', (event) => {
    waterfall.dragged = false;
    const { x, width, share } = placeIn(waterfall, event);
    if (event.button === 0 && event.pointerType !== 'touch' && x >= 0 && x <= width && !event.target.closest('.span-name-cell')) begun = share;
  });
  window.addEventListener('pointermove', (event) => {
    if (begun === undefined) return;
    const { width, share } = placeIn(waterfall, event);
    waterfall.dragged ||= Math.abs(share - begun) * width > click;
    if (waterfall.dragged) paint(share);
    event.preventDefault();
  });
  window.addEventListener('pointerup', (event) => {
    if (begun === undefined) return;
    const { share } = placeIn(waterfall, event);
    const { zoom } = waterfall;
    const at = (part) => zoom.from + part * zoom.width;
    if (waterfall.dragged) zoom.set(at(Math.min(begun, share)), at(Math.max(begun, share)));
    stop();
  });
  window.addEventListener('pointercancel', stop);
}

export function wheelToZoom(waterfall) {
  waterfall.stage.addEventListener('wheel', (event) => {
    const { zoom } = waterfall;
    if (event.ctrlKey) {
      zoom.by(Math.exp(Math.min(60, Math.max(-60, event.deltaY)) / 100), placeIn(waterfall, event).share);
    } else if (!zoom.isWhole && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      zoom.pan((event.deltaX || event.deltaY) / waterfall.sizes.width);
    } else return;
    event.preventDefault();
  }, { passive: false });
}
