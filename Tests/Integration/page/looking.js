// What the tests measure on the page: the contrast of every text with what lies behind it.

const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

/** Red, green, blue and alpha (0 to 1) of any colour that CSS knows. */
function channels(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
}

const over = (front, back) => [0, 1, 2].map((index) => front[index] * front[3] + back[index] * (1 - front[3])).concat(1);

const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function chain(element) {
  const found = [];
  for (let one = element; one; one = one.parentElement) found.unshift(one);
  return found;
}

/** The colours behind an element, from the page up to itself. */
function background(element) {
  const own = element.closest?.('svg') ? svgBackground(element) : [];
  return [...chain(element.closest?.('svg') ?? element).map((one) => getComputedStyle(one).backgroundColor), ...own]
    .reduce((back, color) => over(channels(color), back), [1, 1, 1, 1]);
}

function svgBackground(element) {
  const box = element.closest('.node')?.querySelector('.node-box');
  return box ? [getComputedStyle(box).fill] : [];
}

const opacity = (element) => chain(element).reduce((product, one) => product * Number(getComputedStyle(one).opacity), 1);

function measured(element, color) {
  const style = getComputedStyle(element);
  const back = background(element);
  const front = channels(color);
  front[3] *= opacity(element);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  return { ratio: contrast(over(front, back), back), wanted: large ? 3 : 4.5 };
}

const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !element.closest('.visually-hidden, :disabled, .skip');

function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('script, noscript, title, option') || !seen(element)) continue;
    const style = getComputedStyle(element);
    found.push([node.data.trim().slice(0, 40), element, element.closest('svg') ? style.fill : style.color]);
  }
  for (const field of document.querySelectorAll('input, select, textarea')) {
    if (!seen(field)) continue;
    if (field.placeholder && !field.value) found.push([`placeholder ${field.placeholder}`, field, getComputedStyle(field, '::placeholder').color]);
    else if (field.type !== 'checkbox') found.push([`field ${field.value}`, field, getComputedStyle(field).color]);
  }
  return found;
}

/** `[text, ratio]` of every text that is too faint, and how many were looked at. */
export function faint() {
  const all = texts();
  const bad = all.map(([text, element, color]) => ({ text, ...measured(element, color) })).filter(({ ratio, wanted }) => ratio < wanted);
  return { looked: all.length, faint: bad.map(({ text, ratio }) => [text, Math.round(ratio * 100) / 100]) };
}

/** Edges of fields and buttons that one must see to know that they are there: 3:1. */
export function faintEdges() {
  const fields = [...document.querySelectorAll('input, select, textarea')].filter(seen);
  return fields.map((field) => [field.ariaLabel ?? field.dataset.testid, contrast(over(channels(getComputedStyle(field).borderTopColor), background(field)), background(field.parentElement))])
    .filter(([, ratio]) => ratio < 3);
}
