// The types of `bedrock-wrapper/simulator`, used as a test would.
import { simulate, type Answer, type RuleHandle, type Session, type Simulator } from 'bedrock-wrapper/simulator';

const call: Answer = { toolUse: { name: 'weather', input: { city: 'Oslo' } }, usage: { cacheReadInputTokens: 3 } };
const bedrock: Simulator = await simulate({
  rules: [{ match: /weather/, answer: call, times: 1 }, { match: (request) => request.turn > 1, sequence: ['a', { text: ['b', 'c'] }] }],
  scripts: { polite: ['Please?', { error: { code: 'ThrottlingException', retryAfter: 1 } }] },
});
const handle: RuleHandle = bedrock.on({ toolResult: true, predicate: async ({ toolResults }) => toolResults.length > 0 }, ({ text }) => (text === '' ? null : text));
const calls: number = handle.calls;
const session: Session = await bedrock.session();
session.rule({ match: { header: { 'x-test': /1/ } }, answer: { frames: [{ event: 'messageStart', payload: {} }, { base64: '', delay: 5 }] } });
session.on(undefined, { raw: { status: 503, body: 'oops' } });

// @ts-expect-error: a rule answers
bedrock.on('hello');
// @ts-expect-error: numbers are no answers
bedrock.on('hello', 7);
// @ts-expect-error: there is no such member
bedrock.on({ modle: '*' }, 'a');

export { calls };
