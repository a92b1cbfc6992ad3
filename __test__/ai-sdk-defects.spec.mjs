// Defects of @ai-sdk/amazon-bedrock 5.0.101 in what it sends and gives, see ai-sdk/defect.mjs. Numbers are of vercel/ai's
// issues.

import { describe } from 'node:test';
import { body, defect, generating, parts, streaming } from './ai-sdk/defect.mjs';
import { CLAUDE_OPUS, GPT_OSS, HELLO, NOVA, PNG, always, converse, frames, saying, stop, text, END, START, USAGE } from './ai-sdk/kit.mjs';
import { ai, endWithTests, isOldNode } from './ai-sdk/providers.mjs';

endWithTests();

const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
const bedrock = (options) => ({ providerOptions: { bedrock: options } });

const { jsonSchema } = ai;
const toolHistory = (output, toolCallId = 'tooluse_0') => [
  ...HELLO,
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName: 'weather', input: {} }] },
  { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'weather', output }] },
];
const file = (mediaType, data, more) => ({ type: 'file', mediaType, data: { type: 'data', data }, ...more });
const csv = (filename) => file('text/csv', new TextEncoder().encode('a,b'), { filename });

describe('requests', { skip: isOldNode }, () => {
  const toolResult = (seen) => body(seen).messages[2].content[0].toolResult;
  for (const output of [{ type: 'error-text', value: 'No.' }, { type: 'error-json', value: { code: 1 } }, { type: 'execution-denied' }]) {
    defect(
      `a tool result of ${output.type} does not say that it is an error`,
      generating({ prompt: toolHistory(output), tools: [tool] }),
      (seen) => toolResult(seen).status,
      { present: undefined, ours: 'error' },
    );
  }
  defect(
    'a tool result that is an object becomes a text',
    generating({ prompt: toolHistory({ type: 'json', value: { degrees: 3 } }), tools: [tool] }),
    (seen) => toolResult(seen).content,
    { present: [{ text: '{"degrees":3}' }], ours: [{ json: { degrees: 3 } }] },
  );
  defect(
    'history of tools is lost when no tool is on offer (7528)',
    generating({ prompt: toolHistory({ type: 'text', value: 'Rain' }) }),
    (seen) => body(seen).messages.map(({ role }) => role),
    { present: ['user'], ours: ['user', 'assistant', 'user'] },
  );
  defect(
    'history of tools is lost with tool choice none',
    generating({ prompt: toolHistory({ type: 'text', value: 'Rain' }), tools: [tool], toolChoice: { type: 'none' } }),
    (seen) => body(seen).messages.length,
    { present: 1, ours: 3 },
  );
  defect(
    'ids of tool calls that Bedrock does not take are refused',
    generating({ prompt: toolHistory({ type: 'text', value: 'Rain' }, 'call:1|x'), tools: [tool] }),
    ({ error }) => error?.statusCode,
    { present: 400, ours: undefined },
  );
  defect(
    'a cache point on a tool is lost (4472)',
    generating({ tools: [{ ...tool, ...bedrock({ cachePoint: { type: 'default' } }) }] }),
    (seen) => body(seen).toolConfig.tools.length,
    { present: 1, ours: 2 },
  );
  defect(
    'a cache control of Claude is lost',
    generating({ prompt: saying({ type: 'text', text: 'hello', providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } }) }),
    (seen) => body(seen).messages[0].content[1],
    { present: undefined, ours: { cachePoint: { type: 'default' } } },
  );
  defect(
    'tools of Claude are sent without their arguments (11886)',
    generating({ tools: [{ type: 'provider', id: 'anthropic.computer_20250124', name: 'computer', args: { displayWidthPx: 800, displayHeightPx: 600 } }] }),
    (seen) => body(seen).additionalModelRequestFields.tools?.[0],
    { present: undefined, ours: { type: 'computer_20250124', name: 'computer', display_width_px: 800, display_height_px: 600 } },
  );
  defect(
    'topK is sent where Converse does not read it',
    generating({ topK: 5 }),
    (seen) => [body(seen).inferenceConfig, body(seen).additionalModelRequestFields],
    { present: [{ topK: 5 }, undefined], ours: [undefined, { top_k: 5 }] },
  );
  defect(
    'tools of Claude are written in one piece, unless the program asks for a beta',
    streaming(always('So.'), { tools: { weather: { inputSchema: jsonSchema({ type: 'object' }) } } }),
    (seen) => body(seen).additionalModelRequestFields?.anthropic_beta,
    { present: undefined, ours: ['fine-grained-tool-streaming-2025-05-14'] },
  );
  defect(
    'betas leak into the body of Converse',
    generating(bedrock({ anthropicBeta: ['context-1m-2025-08-07'] })),
    (seen) => body(seen).anthropicBeta,
    { present: ['context-1m-2025-08-07'], ours: undefined },
  );
  defect(
    'JSON without a schema is ignored',
    generating({ responseFormat: { type: 'json' } }),
    (seen) => JSON.stringify(body(seen)).includes('JSON'),
    { present: false, ours: true },
  );
  defect(
    'documents of the same name are refused',
    generating({ prompt: saying({ type: 'text', text: 'So?' }, csv('a.csv'), csv('a.csv')) }),
    ({ error }) => error?.statusCode,
    { present: 400, ours: undefined },
  );
  defect(
    'blank texts of a user are refused (6254)',
    generating({ prompt: saying({ type: 'text', text: ' ' }, { type: 'text', text: 'hello' }) }),
    (seen) => body(seen).messages[0].content.length,
    { present: 2, ours: 1 },
  );
  defect(
    'a blank answer between two questions breaks the alternation',
    generating({ prompt: [...HELLO, { role: 'assistant', content: [{ type: 'text', text: ' ' }] }, ...HELLO] }, { model: NOVA }),
    ({ error }) => error?.statusCode,
    { present: 400, ours: undefined },
  );
  defect(
    'a file in an assistant message is dropped and breaks the alternation',
    generating({ prompt: [...HELLO, { role: 'assistant', content: [file('image/png', PNG)] }, ...HELLO] }, { model: NOVA }),
    ({ error }) => error?.statusCode,
    { present: 400, ours: undefined },
  );
  defect(
    'a document on S3 is refused',
    generating({ prompt: saying({ type: 'text', text: 'So?' }, { type: 'file', mediaType: 'application/pdf', data: { type: 'url', url: new URL('s3://bucket/a.pdf') } }) }, { model: NOVA }),
    (seen) => seen.wire[0]?.body.messages[0].content[1].document.source,
    { present: undefined, ours: { s3Location: { uri: 's3://bucket/a.pdf' } } },
  );
  defect(
    'the portable level max is not known',
    generating({ reasoning: 'max' }, { model: GPT_OSS }),
    ({ answers }) => answers[0].warnings.length > 0 && /not supported/.test(JSON.stringify(answers[0].warnings)),
    { present: true, ours: false },
  );
});

describe('answers', { skip: isOldNode }, () => {
  const CITED = always({ text: 'It is red.', citations: [{ title: 'colours', sourceContent: [{ text: 'red' }], location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } }] });

  defect(
    'citations are dropped (11835)',
    generating({}, { arrange: CITED }),
    ({ answers }) => answers[0].content.filter(({ type }) => type === 'source').map(({ title }) => title),
    { present: [], ours: ['colours'] },
  );
  defect(
    'citations are dropped in streams',
    streaming(CITED),
    (seen) => parts(seen, 'source').map(({ title }) => title),
    { present: [], ours: ['colours'] },
  );
  defect(
    'a picture in the answer is dropped',
    generating({}, { model: NOVA, arrange: always({ content: [{ image: { base64: 'iVBORw0KGgo=', format: 'png' } }] }) }),
    ({ answers }) => answers[0].content.map(({ type, mediaType }) => [type, mediaType]),
    { present: [], ours: [['file', 'image/png']] },
  );
  defect(
    'a full context window is a finish without a name',
    generating({}, { arrange: always({ text: 'Hm', stopReason: 'model_context_window_exceeded' }) }),
    ({ answers }) => answers[0].finishReason.unified,
    { present: 'other', ours: 'length' },
  );
  defect(
    'the latency is not told',
    generating({}),
    ({ answers }) => answers[0].providerMetadata?.bedrock.metrics,
    { present: undefined, ours: { latencyMs: '<number>' } },
  );
  defect(
    'fields that were asked for are not told',
    generating({}, { arrange: always({ raw: { body: converse({ additionalModelResponseFields: { more: 1 } }) } }) }),
    ({ answers }) => answers[0].providerMetadata?.bedrock.additionalModelResponseFields,
    { present: undefined, ours: { more: 1 } },
  );
  defect('JSON that a tool gives is held back in streams (9512)', {
    arrange: (session) => session.rule({ match: () => true, answer: ({ tools: [name] }) => ({ toolUse: { id: 'tooluse_0', name, input: ['{"city": ', '"Oslo", ', '"days": 3}'] } }) }),
    run: async ({ ai, z, provider }) => {
      const answer = ai.streamText({ model: provider(CLAUDE_OPUS), prompt: 'A trip', output: ai.Output.object({ schema: z.object({ city: z.string(), days: z.number() }) }) });
      let growth = 0;
      for await (const _ of answer.partialOutputStream) growth++;
      return growth > 1;
    },
  }, ({ result }) => result, { present: false, ours: true });
});

describe('failures', { skip: isOldNode }, () => {
  const failing = (exception) => frames(START, text('Good'), { exception, payload: { message: 'It broke.' } });
  const finish = (seen) => parts(seen, 'finish')[0]?.finishReason.unified;
  const failure = (seen) => parts(seen, 'error').map(({ error }) => error.type);

  for (const exception of ['modelTimeoutException', 'accessDeniedException', 'somethingNewException']) {
    defect(
      `the exception ${exception} in a stream is swallowed`,
      streaming(failing(exception)),
      (seen) => [failure(seen), finish(seen)],
      { present: [[], 'other'], ours: [[exception], 'error'] },
    );
  }
  defect(
    'an error frame in a stream is swallowed',
    streaming(frames(START, text('Good'), { error: 'InternalFailure', message: 'It broke.' })),
    (seen) => parts(seen, 'error').map(({ error }) => error.message),
    { present: [], ours: ['It broke.'] },
  );
  defect(
    'a stream that ends too early looks like an answer',
    streaming(frames(START, text('Good'))),
    (seen) => [parts(seen, 'error').length, finish(seen)],
    { present: [0, 'other'], ours: [1, 'interrupted'] },
  );
  defect(
    'a delta of a new kind is an error',
    streaming(frames(START, text('Good'), ['contentBlockDelta', { contentBlockIndex: 0, delta: { something: 1 } }], stop(), END, USAGE)),
    (seen) => parts(seen, 'error').length,
    { present: 1, ours: 0 },
  );
  defect(
    'the exception is not told',
    generating({}, { arrange: always({ error: { code: 'ThrottlingException' } }) }),
    ({ error }) => error.data.type,
    { present: undefined, ours: 'ThrottlingException' },
  );
  defect(
    'an error with a capital Message has no message',
    generating({}, { arrange: always({ raw: { status: 403, body: { Message: 'Not you.' } } }) }),
    ({ error }) => error.message,
    { present: 'Forbidden', ours: 'Not you.' },
  );
});
