// The page: asks the journal again and again, and shows what is new.

import * as api from './api.js';
import * as detail from './detail.js';
import { byId } from './dom.js';
import * as faults from './faults.js';
import * as requests from './requests.js';

const PAUSE = 500;

/** The first request that has not ended, or the next one to come. */
let since = 0;

byId('address').textContent = location.origin;
faults.start();
byId('filter').addEventListener('input', ({ target }) => requests.filter(target.value));
byId('clear').addEventListener('click', async () => {
  await api.forget();
  requests.clear();
  detail.close();
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') detail.close();
});
follow();

async function follow() {
  for (;;) {
    if (byId('follow').checked && !document.hidden) await look().catch(isAway);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function look() {
  const journal = await api.journal(since);
  for (const request of journal.requests) requests.show(request, select);
  const unfinished = journal.requests.find(({ duration }) => duration === null);
  since = unfinished?.id ?? (journal.requests.at(-1)?.id ?? since - 1) + 1;
  byId('counters').textContent = `${journal.connections} connections, ${journal.disconnectedEarly} clients left early`;
  await faults.refresh();
}

function isAway() {
  byId('counters').textContent = 'The simulator does not answer.';
}

async function select(id) {
  requests.select(id);
  detail.open(await api.entry(id));
}
