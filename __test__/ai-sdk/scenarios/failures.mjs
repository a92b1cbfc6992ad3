// What goes wrong: statuses, exceptions in a stream of every kind, streams that are cut, aborts, retries.

import { CLAUDE, END, HELLO, NOVA, START, USAGE, always, ask, frames, saying, stop, streamed, text } from '../kit.mjs';

const QUESTION = { prompt: 'hello' };
const statuses = {
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  ValidationException: 400,
  ResourceNotFoundException: 404,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
};
const exceptions = [
  'internalServerException',
  'modelStreamErrorException',
  'serviceUnavailableException',
  'throttlingException',
  'validationException',
  'modelTimeoutException',
  'accessDeniedException',
  'somethingNewException',
];
const bodies = {
  'a capital Message': { status: 403, body: { Message: 'Not you.' } },
  'no body': { status: 502, body: '' },
  'a body that is no JSON': { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>busy</html>' },
  'a type in the body': { status: 400, body: { __type: 'ValidationException', message: 'No.' } },
};
const damaged = { truncate: {}, end: {}, badChecksum: {}, badPrelude: {}, unknownEvent: {}, reset: {} };

/** A fault, after so many frames that some text has come. */
const faulty = (fault) => (session) => {
  session.rule({ answer: { text: ['Good', ' day', ', all', '.'] } });
  session.addFaults({ ...fault, times: 0 });
};

/** Reads until there are so many deltas, then aborts. */
const abortedStream = (name, abort) => ({
  name,
  arrange: always({ text: Array.from({ length: 500 }, () => 'word '), physics: { tokensPerSecond: 50 } }),
  run: async ({ provider, session }) => {
    const controller = new AbortController();
    const { stream } = await provider(NOVA).doStream({ prompt: saying({ type: 'text', text: 'long' }), abortSignal: controller.signal });
    const seen = await reading(stream, () => abort(controller));
    await session.waitForRequest({ disconnectedEarly: true });
    return seen;
  },
});

async function reading(stream, onText) {
  try {
    for await (const part of stream) if (part.type === 'text-delta') onText();
    return 'ended';
  } catch (error) {
    return { name: error.name, message: error.message };
  }
}

export const FAILURES = [
  ...Object.entries(statuses).flatMap(([code, status]) => ask(`error ${status} ${code}`, { arrange: always({ error: { code, message: 'No.', retryAfter: 7 } }), options: QUESTION })),
  ...Object.entries(bodies).flatMap(([name, raw]) => ask(`an error with ${name}`, { arrange: always({ raw }), options: QUESTION })),
  ...exceptions.map((exception) => ({
    name: `exception ${exception} in a stream`,
    arrange: frames(START, text('Good'), { exception, payload: { message: 'It broke.', originalStatusCode: 500 } }),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(NOVA), ...QUESTION, onError: () => {} })),
  })),
  {
    name: 'an error frame in a stream',
    arrange: frames(START, text('Good'), { error: 'InternalFailure', message: 'It broke.' }),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(NOVA), ...QUESTION, onError: () => {} })),
  },
  ...Object.entries(damaged).map(([fault, more]) => ({
    name: `a stream with the fault ${fault}`,
    arrange: faulty({ fault, frame: 3, ...more }),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(NOVA), ...QUESTION, onError: () => {} })),
  })),
  {
    name: 'a stream without usage',
    arrange: faulty({ fault: 'omit', event: 'metadata' }),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(NOVA), ...QUESTION, onError: () => {} })),
  },
  {
    name: 'a stream without its end',
    arrange: faulty({ fault: 'omit', event: 'messageStop' }),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(NOVA), ...QUESTION, onError: () => {} })),
  },
  {
    name: 'a delta of a kind that nobody knows',
    arrange: frames(START, text('Good'), ['contentBlockDelta', { contentBlockIndex: 0, delta: { something: 1 } }], stop(), END, USAGE),
    run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(CLAUDE), ...QUESTION, onError: () => {} })),
  },
  {
    name: 'a retry after a 429',
    arrange: (session) => session.rule({ sequence: [{ error: { code: 'ThrottlingException', retryAfter: 0 } }, 'At last.'] }),
    run: ({ ai, provider }) => ai.generateText({ model: provider(NOVA), ...QUESTION }).then((answer) => answer.text),
  },
  {
    name: 'retries that do not help',
    arrange: always({ error: { code: 'ThrottlingException', retryAfter: 0 } }),
    run: ({ ai, provider }) => ai.generateText({ model: provider(NOVA), ...QUESTION, maxRetries: 1 }),
  },
  {
    name: 'nobody listens',
    settings: () => ({ baseURL: 'http://127.0.0.1:1' }),
    run: ({ ai, provider }) => ai.generateText({ model: provider(NOVA), ...QUESTION, maxRetries: 0 }),
  },
  ...['doGenerate', 'doStream'].map((method) => ({
    name: `an abort before ${method}`,
    run: ({ provider }) => provider(NOVA)[method]({ prompt: HELLO, abortSignal: AbortSignal.abort() }),
  })),
  ...['doGenerate', 'doStream'].map((method) => ({
    name: `an abort with a reason of its own before ${method}`,
    run: ({ provider }) => provider(NOVA)[method]({ prompt: HELLO, abortSignal: AbortSignal.abort(Object.assign(new Error('Enough.'), { name: 'TimeoutError' })) }),
  })),
  abortedStream('an abort in mid-stream', (controller) => controller.abort()),
  abortedStream('an abort in mid-stream with a reason of its own', (controller) => controller.abort(Object.assign(new Error('Enough.'), { name: 'ResponseAborted' }))),
  {
    name: 'a stream that nobody reads on',
    arrange: always({ text: Array.from({ length: 500 }, () => 'word '), physics: { tokensPerSecond: 50 } }),
    run: async ({ provider, session }) => {
      const { stream } = await provider(NOVA).doStream({ prompt: saying({ type: 'text', text: 'long' }) });
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel('enough');
      await session.waitForRequest({ disconnectedEarly: true });
    },
  },
];
