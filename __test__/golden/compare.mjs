// A case and what our package did with it: what is wrong, as a list of sentences. Empty means that it passes.
//
// Cases with the verdict `reference` are to be matched as recorded. Of `peer-bug` cases the recorded package got one half
// wrong: what replaces it is in `correct_*`.

import { canonical, withoutTrailingAssistant } from './bodies.mjs';

/** An error that says nothing to a caller. */
const INTERNAL_TYPE_ERROR = /undefined|null|not a function|destructure/;

/**
 * @param {object} expected a case
 * @param {{chunks: string[], error: Error | null, requests: object[]}} outcome
 * @returns {string[]}
 */
export function compare(expected, outcome) {
  const isBug = expected.verdict === 'peer-bug';
  if (isBug && expected.correct_either) {
    const { correct_error, expected_error, ...call } = expected;
    const refused = compare({ ...expected, correct_either: undefined, correct_request: undefined, correct_joined: undefined }, outcome);
    const answered = compare({ ...call, correct_either: undefined }, outcome);
    return refused.length > 0 && answered.length > 0 ? [...refused, ...answered] : [];
  }
  if (isBug && expected.correct_error) return refusalFaults(expected, outcome);
  return [...requestFaults(expected, outcome), ...errorFaults(expected, outcome), ...textFaults(expected, outcome)];
}

/** The call is to be refused, before any request where the case does not stream. */
function refusalFaults({ correct_error, bugs = [], response, scenario }, { error, requests }) {
  if (error === null) return ['an error was expected, none came'];
  const faults = [];
  if (correct_error.name !== 'any' && error.name !== correct_error.name) faults.push(`error ${error.name} instead of ${correct_error.name}`);
  if (correct_error.message !== 'any' && !error.message.includes(correct_error.message)) faults.push(`the error says "${error.message}"`);
  if (bugs.includes('B58')) faults.push(...internalTypeError(error));
  const mayAsk = response?.events || scenario === 'hangup-mid-stream';
  if (!mayAsk && requests.length > 0) faults.push('a request was sent');
  return faults;
}

function requestFaults(expected, { error, requests }) {
  const isCorrected = expected.verdict === 'peer-bug' && expected.correct_request;
  const wanted = isCorrected ? expected.correct_request : expected.expected_request;
  const last = requests.at(-1);
  if (!wanted) return last ? [`no request was expected, one went to ${last.path}`] : [];
  if (!last) return [`no request was sent${error ? ` (${error.name}: ${error.message})` : ''}`];
  const others = isCorrected ? expected.correct_request_alternatives : expected.acceptable_bodies;
  return [
    ...(last.path === wanted.path ? [] : [`the path is ${last.path} instead of ${wanted.path}`]),
    ...bodyFaults(last.body, [wanted.body, ...(others ?? [])], expected.trailing_empty_assistant),
    ...headerFaults(expected, wanted.headers, last.headers),
    ...countFaults(expected, requests),
  ];
}

function bodyFaults(sent, accepted, trailing) {
  const strip = (body) => (trailing ? withoutTrailingAssistant(body) : { body, had: false });
  const { body, had } = strip(sent);
  if (trailing === 'forbidden' && had) return ['an empty assistant message ends the request'];
  const ours = canonical(body);
  const theirs = accepted.map((other) => canonical(strip(other).body));
  return theirs.includes(ours) ? [] : [`the body is\n      ${ours}\n      instead of\n      ${theirs.join('\n      or\n      ')}`];
}

function headerFaults({ verdict, correct_headers = {} }, recorded, sent) {
  if (verdict === 'peer-bug') {
    const wrong = Object.entries(correct_headers).filter(([name, value]) => sent[name] !== value);
    return wrong.map(([name]) => `the header ${name} is ${sent[name]}`);
  }
  if (!recorded) return [];
  const token = sent['x-amz-security-token'] ?? null;
  const [, scope] = /\/([a-z0-9-]+\/bedrock\/aws4_request)/.exec(recorded.authorization) ?? [];
  return [
    ...(recorded['x-amz-security-token'] === token ? [] : [`the session token is ${token}`]),
    ...(String(sent.authorization).includes(scope) ? [] : [`the signature's scope is not ${scope}`]),
  ];
}

function countFaults({ expected_request_count: count, retry_optional, scenario }, requests) {
  if (!count || retry_optional || scenario.includes('connection-reset') || requests.length === count) return [];
  return [`${requests.length} requests instead of ${count}`];
}

/** The recorded error came of the peer's bug: the corrected call has none. */
function isErrorCorrected({ verdict, correct_request, correct_joined, request_ok }) {
  return verdict === 'peer-bug' && (correct_request || correct_joined !== undefined) && request_ok === false;
}

function errorFaults(expected, { error }) {
  const { expected_error: wanted, bugs = [], scenario } = expected;
  if (!wanted || isErrorCorrected(expected)) {
    return error && scenario !== 'empty-stream' ? [`an error came: ${error.name}: ${error.message}`] : [];
  }
  if (error === null) {
    return scenario === 'empty-stream' || scenario.includes('connection-reset') ? [] : ['an error was expected, none came'];
  }
  const match = errorMatch(expected);
  const status = error.$metadata?.httpStatusCode ?? error.status;
  const faults = [];
  if (match.includes('name') && error.name !== wanted.name) faults.push(`error ${error.name} instead of ${wanted.name}`);
  if (match.includes('message') && !String(error.message).includes(wanted.message)) faults.push(`the error says "${error.message}" instead of "${wanted.message}"`);
  if (match.includes('status') && status !== wanted.$metadata?.httpStatusCode) faults.push(`the status is ${status} instead of ${wanted.$metadata?.httpStatusCode}`);
  if (match === 'status-only' && error.name === 'SyntaxError') faults.push('a JSON error instead of an HTTP error');
  if (bugs.includes('B58')) faults.push(...internalTypeError(error));
  return faults;
}

/** How closely the recorded error is to be matched: any wording will do where the peer's was a bug. */
function errorMatch({ verdict, error_match = 'any', bugs = [] }) {
  const isFree = verdict === 'peer-bug' && error_match !== 'status-only' && !bugs.includes('B58');
  return isFree ? 'any' : error_match;
}

function internalTypeError(error) {
  return error.name === 'TypeError' && INTERNAL_TYPE_ERROR.test(error.message) ? [`an internal TypeError: ${error.message}`] : [];
}

function textFaults(expected, { error, chunks }) {
  if (error && isErrorCorrected(expected)) return [];
  const isCorrected = expected.verdict === 'peer-bug' && expected.correct_joined !== undefined;
  const recorded = expected.expected_joined ?? (expected.expected_chunks ?? []).join('');
  const accepted = isCorrected ? [expected.correct_joined, ...(expected.correct_joined_alternatives ?? [])] : [recorded];
  const form = looseForm(expected.family);
  const text = chunks.join('');
  const faults = [];
  if (!accepted.some((wanted) => form(wanted) === form(text))) faults.push(`the text is ${JSON.stringify(text)} instead of ${accepted.map((wanted) => JSON.stringify(wanted)).join(' or ')}`);
  if (mustStream(expected, isCorrected) && chunks.filter(Boolean).length < 2) faults.push('the answer came in one piece');
  return faults;
}

/** Reasoning may come in one element or several; white space around gpt-oss and Kimi, and after thinking alone, is free. */
function looseForm(family) {
  const isTrimmed = family === 'gpt-oss' || family === 'kimi';
  return (text) => {
    const merged = text.replaceAll('</reasoning><reasoning>', '');
    return isTrimmed ? merged.trim() : merged.replace(/<\/think>\n\n$/, '</think>');
  };
}

function mustStream({ bugs, correct_response, expected_chunks }, isCorrected) {
  if (!isCorrected) return (expected_chunks ?? []).filter(Boolean).length > 1;
  const hasText = (event) => /"(text|content)":"[^"]+"/.test(JSON.stringify(event)) && !/reasoning/.test(JSON.stringify(event));
  return bugs.includes('B33') && (correct_response?.events ?? []).filter(hasText).length > 1;
}
