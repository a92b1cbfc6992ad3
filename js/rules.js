'use strict';
// Rules as people write them in JavaScript, with functions and regular expressions, and as the native part takes them.

const { invalidRequest } = require('./errors.js');
const { plainObject } = require('./plain.js');

/** Flags of a RegExp that the native part has too; `g`, `u` and `y` change nothing for a test. */
const FLAGS = { i: 'i', m: 'm', s: 's', g: '', u: '', y: '' };

/** A rule that was added. */
class RuleHandle {
  #calls;
  #remove;

  constructor({ calls, remove }) {
    this.#calls = calls;
    this.#remove = remove;
  }

  get calls() {
    return this.#calls();
  }

  remove() {
    this.#remove();
  }
}

/** `sim.on(match, answer, more)` as a rule. */
function ruleOf(match, answer, more = {}) {
  const answers = Array.isArray(answer) ? { sequence: answer } : { answer };
  return { ...more, match, ...answers };
}

/** A rule for the native part: its JSON, the function that answers if there is one, and that one's time limit. */
function nativeRule(rule, root) {
  if (typeof rule !== 'object' || rule === null) throw invalidRequest(root, 'expected an object');
  const { match, answer, timeout, ...rest } = rule;
  const { predicate, ...when } = matchOf(match, `${root}.match`);
  if (predicate !== undefined && typeof predicate !== 'function') throw invalidRequest(`${root}.match.predicate`, 'expected a function');
  const respond = responder(predicate, answer, rest.sequence);
  // The native part wants to see an answer also where a function takes its place.
  const json = { ...rest, match: when, answer: typeof answer === 'function' ? '' : answer };
  return { json: plainObject(json, root), respond, timeout };
}

/** One function for a predicate and an answer: what it gives, or nothing to leave the request to the next rule. */
function responder(predicate, answer, sequence) {
  const respond = typeof answer === 'function' ? answer : undefined;
  if (predicate === undefined) return respond;
  let used = 0;
  const given = () => (sequence === undefined ? answer : sequence[Math.min(used++, sequence.length - 1)]);
  return async (request) => ((await predicate(request)) ? (respond ?? given)(request) : null);
}

function matchOf(match = {}, root) {
  if (typeof match === 'string' || match instanceof RegExp) return { text: pattern(match, root) };
  if (typeof match === 'function') return { predicate: match };
  if (typeof match !== 'object' || match === null) throw invalidRequest(root, 'expected a string, a RegExp, an object or a function');
  const when = { ...match };
  for (const name of ['text', 'system']) when[name] = pattern(when[name], `${root}.${name}`);
  if (when.toolResult === true) when.toolResult = {};
  if (when.toolResult) when.toolResult = { ...when.toolResult, text: pattern(when.toolResult.text, `${root}.toolResult.text`) };
  for (const name of ['header', 'body']) when[name] = patterns(when[name], `${root}.${name}`);
  return when;
}

function patterns(members, root) {
  if (typeof members !== 'object' || members === null) return members;
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, pattern(value, `${root}.${name}`)]));
}

function pattern(value, root) {
  if (!(value instanceof RegExp)) return value;
  const unknown = [...value.flags].find((flag) => !(flag in FLAGS));
  if (unknown !== undefined) throw invalidRequest(root, `the flag ${unknown} of a regular expression is not supported`);
  const flags = [...value.flags].map((flag) => FLAGS[flag]).join('');
  return { regex: flags === '' ? value.source : `(?${flags})${value.source}` };
}

module.exports = { RuleHandle, nativeRule, ruleOf };
