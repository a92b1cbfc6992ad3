// The switches: what is to go wrong.

import * as api from './api.js';
import { byId, element } from './dom.js';

const CODES = [
  'ThrottlingException', 'ServiceUnavailableException', 'InternalServerException', 'ModelTimeoutException',
  'ModelNotReadyException', 'ModelErrorException', 'ModelStreamErrorException', 'ValidationException',
  'AccessDeniedException', 'ExpiredTokenException', 'ResourceNotFoundException', 'ServiceQuotaExceededException',
];

const code = ['code', 'text', CODES[0]];
const message = ['message', 'text', ''];
const frame = ['frame', 'number', 2];

/** Fault → its members: name, type, usual value. */
const KINDS = {
  error: [code, message, ['retryAfter', 'number', '']],
  exception: [code, message, frame],
  slowHeaders: [['for', 'number', 3000]],
  stall: [frame, ['for', 'number', 5000]],
  truncate: [frame],
  end: [frame],
  reset: [frame],
  badChecksum: [frame],
  badPrelude: [frame],
  oversize: [frame],
  unknownEvent: [frame],
  omit: [['event', 'text', 'messageStop']],
  duplicate: [['event', 'text', 'messageStop']],
  errorFrame: [['code', 'text', 'InternalFailure'], ['message', 'text', 'The request failed.'], frame],
};

/** Sets the form up. */
export function start() {
  byId('kind').append(...Object.keys(KINDS).map((name) => element('option', {}, name)));
  byId('members').append(element('datalist', { id: 'codes' }, ...CODES.map((name) => element('option', {}, name))));
  byId('kind').addEventListener('change', showMembers);
  byId('fault').addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(() => api.addFault(fault(new FormData(event.target))));
  });
  byId('nofaults').addEventListener('click', () => attempt(api.removeFaults));
  byId('outage').addEventListener('click', () => attempt(() => api.goDown(5000)));
  showMembers();
}

function showMembers() {
  const inputs = KINDS[byId('kind').value].map(([name, type, usual]) => {
    const list = name === 'code' ? 'codes' : undefined;
    return element('label', { class: 'member' }, `${name} `, element('input', { name, type, list, value: String(usual), min: type === 'number' ? '0' : undefined }));
  });
  for (const old of document.querySelectorAll('.member')) old.remove();
  byId('members').append(...inputs);
}

function fault(form) {
  const made = { fault: byId('kind').value };
  const members = [...KINDS[made.fault], ['model', 'text'], ['times', 'number']];
  for (const [name, type] of members) {
    const value = form.get(name);
    if (value !== null && value !== '') made[name] = type === 'number' ? Number(value) : value;
  }
  return made;
}

async function attempt(action) {
  try {
    byId('problem').textContent = '';
    await action();
    await refresh();
  } catch (error) {
    byId('problem').textContent = error.message;
  }
}

/** Shows the faults in force. */
export async function refresh() {
  const list = await api.faults();
  byId('faults').replaceChildren(...list.map(({ fault: name, ...members }) => element('li', {}, `${name} ${summary(members)}`)));
}

function summary(members) {
  return Object.entries(members).map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
}
