// The page: one view at a time, and what the gateway knows, asked again and again.

import * as api from './api.js';
import { byId, compact } from './dom.js';
import * as failures from './failures.js';
import { forget, key } from './key.js';
import * as models from './models.js';
import * as playground from './playground.js';
import * as targets from './targets.js';
import * as watch from './watch.js';

const PAUSE = 2000;
const VIEWS = ['playground', 'watch', 'models'];

let latest = null;

byId('forget-key').hidden = key() === null;
byId('forget-key').addEventListener('click', forget);
addEventListener('hashchange', view);
addEventListener('resize', show);
playground.start();
models.start();
view();
follow();

function view() {
  const wanted = location.hash.slice(1);
  const shown = VIEWS.includes(wanted) ? wanted : VIEWS[0];
  for (const name of VIEWS) {
    byId(name).hidden = name !== shown;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    if (name === shown) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  show();
}

async function follow() {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function look() {
  const state = byId('state');
  try {
    latest = await api.stats();
    state.className = latest.draining ? 'bad' : '';
    state.textContent = latest.draining ? 'shutting down' : `version ${latest.version} · ${compact(latest.inFlight)} in flight`;
    show();
    await models.load();
  } catch (error) {
    state.className = 'bad';
    state.textContent = error.status ? error.message : 'The gateway does not answer.';
  }
}

function show() {
  if (latest === null || byId('watch').hidden) return;
  // What is being pointed at stays until the pointer leaves.
  if (document.querySelector('#charts svg:hover') === null) watch.show(latest);
  targets.show(latest.targets);
  failures.show(latest.past.failures);
}
