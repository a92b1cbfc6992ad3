// The list of requests.

import { byId, duration, element } from './dom.js';

const MOST_ROWS = 1000;

/** Number of a request → its row. */
const rows = new Map();
let wanted = '';
let selected = null;

/** Adds a request, or shows what came of it since. */
export function show(request, onSelect) {
  const row = made(request, onSelect);
  rows.get(request.id)?.replaceWith(row);
  if (!rows.has(request.id)) byId('rows').prepend(row);
  rows.set(request.id, row);
  if (rows.size > MOST_ROWS) {
    const [oldest] = rows.keys();
    rows.get(oldest).remove();
    rows.delete(oldest);
  }
  byId('empty').hidden = true;
}

function made(request, onSelect) {
  const row = element(
    'tr',
    { tabindex: '0', 'data-id': request.id, 'aria-selected': String(request.id === selected) },
    element('td', {}, String(request.id)),
    element('td', { title: request.time }, new Date(request.time).toLocaleTimeString()),
    element('td', {}, request.operation ?? `${request.method} ${request.path}`),
    element('td', { title: request.model ?? '' }, request.model ?? ''),
    element('td', { class: request.status >= 400 ? 'bad' : 'good' }, String(request.status ?? '…')),
    element('td', {}, duration(request.duration)),
    element('td', {}, ...notes(request)),
  );
  row.addEventListener('click', () => onSelect(request.id));
  row.addEventListener('keydown', ({ key }) => key === 'Enter' && onSelect(request.id));
  row.hidden = !fits(row);
  return row;
}

function notes({ fault, answeredBy, disconnectedEarly, httpVersion }) {
  return [
    fault && element('span', { class: 'note bad' }, fault),
    answeredBy && element('span', { class: 'note' }, answeredBy),
    disconnectedEarly && element('span', { class: 'note bad' }, 'left early'),
    httpVersion === 'HTTP/2' && element('span', { class: 'note' }, 'h2'),
  ].filter(Boolean);
}

const fits = (row) => row.textContent.toLowerCase().includes(wanted);

/** Hides what does not hold `text`. */
export function filter(text) {
  wanted = text.trim().toLowerCase();
  for (const row of rows.values()) row.hidden = !fits(row);
}

export function select(id) {
  rows.get(selected)?.setAttribute('aria-selected', 'false');
  selected = id;
  rows.get(selected)?.setAttribute('aria-selected', 'true');
}

export function clear() {
  rows.clear();
  selected = null;
  byId('rows').replaceChildren();
  byId('empty').hidden = false;
}
