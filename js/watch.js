'use strict';
// What a simulator was asked, for tests: find a request, wait for it, expect it.

const { AssertionError } = require('node:assert');
const { isDeepStrictEqual } = require('node:util');
const { invalidRequest } = require('./errors.js');

const PATIENCE = 5000;
const PAUSE = 10;
const MOST_SHOWN = 10;

/** What a match may name: a misspelt member would fit nothing, for ever. */
const MEMBERS = 'text model operation method path httpVersion headers body status account fault answeredBy disconnectedEarly response requestId id'.split(' ');

/** @returns {(request: object) => boolean} whether a request of the journal fits */
function matcher(match) {
  if (match === undefined) return () => true;
  if (typeof match === 'function') return (request) => Boolean(match(request));
  if (typeof match === 'string' || match instanceof RegExp) return ({ body }) => fits(match, textOf(body));
  if (typeof match !== 'object' || match === null) throw invalidRequest('match', 'expected a string, a RegExp, an object or a function');
  const unknown = Object.keys(match).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw invalidRequest(`match.${unknown}`, `a request has no such member; it has ${MEMBERS.join(', ')}`);
  const { text, ...members } = match;
  return (request) =>
    (text === undefined || fits(text, textOf(request.body))) &&
    Object.entries(members).every(([name, wanted]) => (name === 'model' ? globs(wanted, request.model) : holds(request[name], wanted)));
}

const fits = (pattern, text) => (pattern instanceof RegExp ? text.search(pattern) >= 0 : text.includes(pattern));

/** `*` stands for any text. */
function globs(pattern, id) {
  if (pattern instanceof RegExp) return typeof id === 'string' && fits(pattern, id);
  const escaped = String(pattern).split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return typeof id === 'string' && new RegExp(`^${escaped.join('.*')}$`, 's').test(id);
}

/** Whether `value` has all that `wanted` has. */
function holds(value, wanted) {
  if (wanted instanceof RegExp) return typeof value === 'string' && fits(wanted, value);
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(value, wanted);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(wanted)) return Array.isArray(value) && value.length === wanted.length && wanted.every((item, at) => holds(value[at], item));
  return Object.entries(wanted).every(([name, item]) => holds(value[name], item));
}

/** What the user said last, in any family's body. */
function textOf(body) {
  const last = body?.messages?.findLast?.(({ role }) => role === 'user')?.content ?? body?.prompt ?? body?.inputText ?? body?.message ?? '';
  if (typeof last === 'string') return last;
  return Array.isArray(last) ? last.map((part) => part?.text ?? '').join('\n\n') : '';
}

/** Those that fit; an error that shows what there was unless they are as many as wanted. */
function expected(requests, match, times, caller) {
  const found = requests.filter(matcher(match));
  if (times === undefined ? found.length > 0 : found.length === times) return found;
  const wanted = times === undefined ? 'a request' : counted(times);
  throw new AssertionError({
    message: `expected ${wanted}${shown(match)}, found ${found.length === 0 ? 'none' : found.length} among ${summary(requests)}`,
    actual: found.length,
    expected: times ?? 1,
    operator: caller.name,
    stackStartFn: caller,
  });
}

const counted = (number) => (number === 1 ? '1 request' : `${number} requests`);

function shown(match) {
  if (match === undefined) return '';
  if (typeof match === 'function' || match instanceof RegExp) return ` like ${match}`;
  return ` like ${JSON.stringify(match, (_, value) => (value instanceof RegExp ? String(value) : value))}`;
}

function summary(requests) {
  if (requests.length === 0) return 'no requests';
  const lines = requests.slice(-MOST_SHOWN).map(({ operation, model, status, body, method, path }) => {
    const text = textOf(body);
    return `  ${operation ?? `${method} ${path}`} ${model ?? ''} ${status ?? '…'}${text === '' ? '' : ` ${JSON.stringify(text.slice(0, 80))}`}`;
  });
  const more = requests.length > MOST_SHOWN ? `the last ${MOST_SHOWN} of ` : '';
  return `${more}${counted(requests.length)}:\n${lines.join('\n')}`;
}

/** The first request that fits and has been answered, when there is one. */
async function awaited(look, match, { timeout = PATIENCE } = {}) {
  const test = matcher(match);
  const end = performance.now() + timeout;
  for (;;) {
    const requests = look();
    const found = requests.find((request) => request.duration !== null && test(request));
    if (found !== undefined) return found;
    if (performance.now() >= end) {
      throw new AssertionError({ message: `waited ${timeout} ms for a request${shown(match)}, found none among ${summary(requests)}`, operator: 'waitForRequest' });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

module.exports = { awaited, expected };
