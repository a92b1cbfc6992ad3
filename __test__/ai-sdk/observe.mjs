// One scenario with one provider, in an account of its own: what went over the wire (the simulator's journal), what the
// model objects gave to `ai` (results, stream parts, warnings, errors), and what `ai` made of that.

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { plain, plainError } from './plain.mjs';
import { PROVIDERS, ai, settingsFor, simulator } from './providers.mjs';

/** Headers that are the HTTP client's own, or that hold credentials, lengths and times. */
const HEADERS_OF_THE_CLIENT =
  /^(?:host|connection|user-agent|content-length|transfer-encoding|accept(?:-.*)?|sec-.*|amz-sdk-.*|x-amz-(?:date|user-agent|content-sha256)|x-simulator-.*)$/;

const LONGEST = 20_000;

/** `{ wire, answers, result, error }` of a scenario, in plain JSON and without what differs from run to run. */
export async function observe({ arrange, environment, settings, run }, which) {
  const session = await simulator.session();
  const restore = setEnvironment(environment?.(session));
  try {
    await arrange?.(session);
    const seen = { answers: [] };
    const provider = PROVIDERS[which]({ ...settingsFor(session), ...settings?.(session) });
    await ending(Promise.resolve({ ai, z, session, provider: watched(provider, seen.answers), which }).then(run)).then(
      (result) => Object.assign(seen, { result }),
      (error) => Object.assign(seen, { error: plainError(error) }),
    );
    const wire = session.requests.map(onTheWire);
    return withoutRepetition(plain({ wire, ...seen }, session.url));
  } finally {
    restore();
    await session.close();
  }
}

/** The outcome, or an error when there is none in all the time that a scenario could need. */
async function ending(outcome) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('It does not end.')), LONGEST);
  });
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}

/** Sets these variables, or unsets them where they are `undefined`; gives a function that takes that back. */
function setEnvironment(variables = {}) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]]);
  assign(Object.entries(variables));
  return () => assign(before);
}

function assign(variables) {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function onTheWire({ operation, method, path, headers, body, status }) {
  const told = Object.entries(headers).filter(([name]) => !HEADERS_OF_THE_CLIENT.test(name));
  return { kind: operation ?? path, method, path, headers: Object.fromEntries(told), body, status };
}

/** The request that a result tells is only of interest where it is not the one that was sent. */
function withoutRepetition(seen) {
  const sent = seen.wire.map(({ body }) => body);
  for (const { request } of seen.answers) {
    if (sent.some((body) => isDeepStrictEqual(body, request?.body))) request.body = '<as sent>';
  }
  return seen;
}

/** A provider whose models note what they answer. */
function watched(provider, answers) {
  const noted = (model) => watchedModel(model, answers);
  return new Proxy(provider, {
    apply: (target, self, args) => noted(target(...args)),
    get: (target, name) => {
      const member = Reflect.get(target, name);
      return typeof member === 'function' ? (...args) => noted(member.apply(target, args)) : member;
    },
  });
}

function watchedModel(model, answers) {
  return new Proxy(model, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return String(name).startsWith('do') ? (...args) => noting(name, () => member.apply(target, args), answers) : member.bind(target);
    },
  });
}

async function noting(kind, call, answers) {
  const answer = { kind };
  answers.push(answer);
  try {
    const { stream, ...result } = await call();
    Object.assign(answer, result);
    if (!stream) return result;
    answer.parts = [];
    const note = new TransformStream({
      transform(part, controller) {
        // How often the same part comes may depend on when an abort does.
        if (!isDeepStrictEqual(part, answer.parts.at(-1))) answer.parts.push(part);
        controller.enqueue(part);
      },
    });
    return { ...result, stream: stream.pipeThrough(note) };
  } catch (error) {
    answer.error = plainError(error);
    throw error;
  }
}
