// Requests that were not answered, the latest first.

import { byId, element, fill } from './dom.js';

const COLUMNS = ['Time', 'Status', 'Error', 'Model', 'Target', 'Request'];

export function show(failures) {
  byId('no-failures').hidden = failures.length > 0;
  byId('failures').hidden = failures.length === 0;
  fill(byId('failures'), COLUMNS, failures.map((failure) => [
    element('time', { datetime: failure.time }, new Date(failure.time).toLocaleTimeString()),
    element('span', { class: failure.status >= 500 ? 'bad' : undefined }, String(failure.status)),
    element('div', { class: 'error' }, element('b', {}, failure.exception ?? failure.code), element('span', {}, failure.message ?? failure.param)),
    failure.model,
    failure.target ?? '',
    element('code', {}, failure.request_id),
  ]));
}
