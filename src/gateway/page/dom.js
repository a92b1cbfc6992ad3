// Elements without markup: text is always text, whatever a model said.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; strings become text, and what is missing is left out. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same of SVG. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Milliseconds as people read them. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  if (milliseconds === 0) return '0';
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A number in few letters: 1.2k, 3.4M. */
export function compact(number) {
  if (number === null || number === undefined) return '–';
  if (number < 10 && !Number.isInteger(number)) return number.toFixed(1);
  if (number < 1000) return String(Math.round(number));
  if (number < 1e6) return `${trimmed(number / 1e3)}k`;
  return number < 1e9 ? `${trimmed(number / 1e6)}M` : `${trimmed(number / 1e9)}G`;
}

const trimmed = (number) => number.toFixed(number < 10 ? 1 : 0).replace(/\.0$/, '');

/** Fills a table: names of columns, and rows of cells, each a string or an element. */
export function fill(table, columns, rows) {
  const cells = (name, list) => list.map((cell) => element(name, {}, cell));
  table.replaceChildren(
    element('thead', {}, element('tr', {}, ...cells('th', columns))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells('td', row)))),
  );
}
