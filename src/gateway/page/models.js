// The models that the gateway lists.

import * as api from './api.js';
import { byId, element, fill } from './dom.js';
import * as playground from './playground.js';

let models = null;

export function start() {
  byId('filter').addEventListener('input', show);
}

/** Asks for the list once, and shows it. */
export async function load() {
  if (models !== null) return;
  models = [];
  try {
    models = await api.models();
    playground.offer(models.map(({ id }) => id));
    show();
  } catch (error) {
    models = null;
    byId('count').textContent = error.message;
  }
}

function show() {
  const wanted = byId('filter').value.trim().toLowerCase();
  const found = models.filter((model) => `${model.id} ${model.owned_by}`.toLowerCase().includes(wanted));
  byId('count').textContent = `${found.length} of ${models.length}`;
  fill(byId('list'), ['Model', 'Owner', ''], found.map(({ id, owned_by: owner }) => [element('code', {}, id), owner, attempt(id)]));
}

function attempt(id) {
  const button = element('button', { type: 'button', class: 'quiet' }, 'Try');
  button.addEventListener('click', () => {
    playground.choose(id);
    location.hash = 'playground';
  });
  return button;
}
