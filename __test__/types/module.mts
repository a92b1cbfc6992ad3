// The types as an ES module sees them. Compiled, never run; `@ts-expect-error` fails where there is no error.

import bedrock, {
  bedrockWrapper,
  BedrockWrapperError,
  listBedrockWrapperSupportedModels,
  type Answer,
  type AwsCreds,
  type ErrorCode,
  type Options,
  type Request,
  type Usage,
  type Warning,
} from 'bedrock-wrapper';

const awsCreds: AwsCreds = { region: 'us-west-2', accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', endpoint: 'http://localhost:1' };
const request: Request = {
  model: 'Claude-4-5-Sonnet',
  stream: true,
  max_tokens: 100,
  temperature: null,
  stop: ['a', 'b'],
  seed: 7,
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,…', detail: 'high' } },
        { type: 'image_url', image_url: new Uint8Array(3) },
        { type: 'image_url', image_url: Buffer.alloc(3) },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBOR' } },
      ],
    },
  ],
};
const options: Options = { useConverseAPI: true, signal: AbortSignal.timeout(1000), idleTimeout: 1000, logging: false };

const answer: Answer = bedrockWrapper(awsCreds, request, options);
for await (const text of answer) text.toUpperCase();
for await (const text of await bedrockWrapper(undefined, request)) text.toUpperCase();
for await (const text of bedrock(null, request, null)) text.toUpperCase();
{
  await using disposed = bedrockWrapper(awsCreds, request);
  const { value, done } = await disposed.next();
  if (!done) value.toUpperCase();
}

const usage: Usage | undefined = await answer.usage;
const warnings: Warning[] = await answer.warnings;
const facts: (string | undefined)[] = [await answer.stopReason, await answer.requestId, warnings[0]?.param];
const models: string[] = await listBedrockWrapperSupportedModels();

try {
  await answer.next();
} catch (error) {
  if (BedrockWrapperError.isInstance(error)) {
    const code: ErrorCode = error.code;
    const status: number | undefined = error.$metadata.httpStatusCode ?? error.status;
    void [code, status, error.retryAfter];
  }
}

// @ts-expect-error the request has a model
bedrockWrapper(awsCreds, { messages: [] });
// @ts-expect-error the request is needed
bedrockWrapper(awsCreds);
// @ts-expect-error a role is one of four
bedrockWrapper(awsCreds, { model: 'x', messages: [{ role: 'robot', content: 'x' }] });
// @ts-expect-error an unknown option
bedrockWrapper(awsCreds, request, { useConverse: true });
// @ts-expect-error errors are made by the package
new BedrockWrapperError({});
// @ts-expect-error chunks are text
for await (const chunk of answer) chunk.choices;

void [usage, facts, models];
