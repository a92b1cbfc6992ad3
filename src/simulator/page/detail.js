// One request: what was asked, what was answered, and every frame with its time.

import { byId, duration, element } from './dom.js';

export function open(request) {
  const detail = byId('detail');
  detail.hidden = false;
  detail.replaceChildren(
    element('h2', {}, `${request.operation ?? request.method} ${request.status ?? ''}`),
    element('p', {}, facts(request)),
    folded('Request', true, json(request.body)),
    ...(request.frames ? [folded(`Frames (${request.frames.length})`, true, frames(request))] : []),
    ...(request.response === undefined ? [] : [folded('Answer', true, json(request.response))]),
    folded('Headers', false, json(request.headers)),
  );
}

export function close() {
  byId('detail').hidden = true;
}

function facts({ method, path, httpVersion, account, requestId, duration: took, fault, answeredBy, disconnectedEarly }) {
  const known = [
    `${method} ${path}`,
    httpVersion,
    account && `account ${account}`,
    requestId && `request id ${requestId}`,
    `took ${duration(took)}`,
    fault && `fault ${fault}`,
    answeredBy && `answered by ${answeredBy}`,
    disconnectedEarly && 'the client left before the end',
  ];
  return known.filter(Boolean).join(' · ');
}

function folded(title, isOpen, content) {
  return element('details', { open: isOpen }, element('summary', {}, title), content);
}

function json(value) {
  return element('pre', {}, typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2));
}

/** Without AWS's padding, which says nothing. */
function unpadded(payload) {
  const { p, ...rest } = payload ?? {};
  return rest;
}

function frames({ frames: list, bytesNotKept }) {
  const last = list.at(-1)?.at || 1;
  const rows = list.map(({ at, event, exception, error, broken, payload }) => element(
    'tr',
    {},
    element('td', {}, duration(at), ' ', element('span', { class: 'bar', style: `width:${Math.max(1, Math.round((60 * at) / last))}px` })),
    element('td', { class: event ? '' : 'bad' }, event ?? exception ?? error ?? 'broken'),
    element('td', {}, element('code', {}, broken ?? JSON.stringify(unpadded(payload)))),
  ));
  const rest = bytesNotKept ? element('p', {}, `${bytesNotKept} bytes more, which were not kept`) : '';
  return element('div', {}, element('table', { class: 'frames' }, element('tbody', {}, ...rows)), rest);
}
