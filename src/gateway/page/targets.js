// The targets, and how each is doing.

import { byId, duration, element, fill } from './dom.js';

/** Names of members as people read them; members that are not here are shown by their own names. */
const COLUMNS = {
  name: 'Target', region: 'Region', state: 'State', models: 'Models', weight: 'Weight', in_flight: 'In flight', latency_ms: 'First content',
};
const BAD = ['open', 'half_open', 'half-open'];

export function show(targets) {
  const names = [...new Set(targets.flatMap((target) => Object.keys(target)))];
  const columns = names.map((name) => COLUMNS[name] ?? name.replaceAll('_', ' '));
  fill(byId('targets'), columns, targets.map((target) => names.map((name) => cell(name, target[name]))));
}

function cell(name, value) {
  if (value === null || value === undefined) return '–';
  if (name.endsWith('_ms')) return duration(value);
  if (name === 'state') return element('span', { class: BAD.includes(value) ? 'pill bad' : 'pill good' }, value.replaceAll('_', ' '));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
