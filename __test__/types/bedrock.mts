// The types of `Bedrock` and `createFetch` as a program uses them. Compiled, never run.

import {
  APIError,
  APIUserAbortError,
  Bedrock,
  BedrockWrapperError,
  createFetch,
  RateLimitError,
  type BedrockMessageParam,
  type ChatCompletion,
  type ChatCompletionChunk,
  type ChatCompletionMessageParam,
  type Stream,
  type Warning,
} from 'bedrock-wrapper';

const bedrock = new Bedrock({ region: 'us-west-2', endpoint: 'mantle', apiKey: async () => 'key', maxRetries: 0, fetch });
new Bedrock({ credentialProvider: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', expiration: new Date() }) });
new Bedrock({ baseURL: null, apiKey: null, profile: 'work', retryMode: 'adaptive', useFipsEndpoint: true });

const model = 'Claude-4-5-Sonnet';
const messages: ChatCompletionMessageParam[] = [
  { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
  { role: 'user', content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,', filename: 'a.pdf' } }] },
  { role: 'assistant', content: null, thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }] },
  { role: 'tool', tool_call_id: 'a', content: 'It failed.', is_error: true },
];

const completion = await bedrock.chat.completions.create({ model, messages, guardrailConfig: { guardrailIdentifier: 'a', guardrailVersion: '1' } });
const choice: ChatCompletion.Choice | undefined = completion.choices[0];
if (choice !== undefined) messages.push(choice.message);
const thought: string | null | undefined = choice?.message.reasoning_content;

const films: BedrockMessageParam[] = [
  ...messages,
  { role: 'user', content: [{ type: 'video_url', video_url: { url: 's3://bucket/film.mp4' } }] },
  { role: 'tool', tool_call_id: 'b', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,' } }] },
];
const options = { signal: AbortSignal.timeout(1000), timeout: 1000, maxRetries: 1, headers: { 'x-amzn-bedrock-trace': 'ENABLED' } };
const stream: Stream<ChatCompletionChunk> = await bedrock.chat.completions.create({ model, messages: films, stream: true, top_k: 5 }, options);
for await (const chunk of stream) chunk.choices[0]?.delta.content?.toUpperCase();
const [one, other] = stream.tee();
const lines: ReadableStream<Uint8Array> = one.toReadableStream();
other.controller.abort();

const { data, response, request_id, warnings } = await bedrock.chat.completions.create({ model, messages }).withResponse();
const facts: [string, string | null, string | null, Warning[]] = [data.id, response.headers.get('x-request-id'), request_id, warnings];
const raw: Response = await bedrock.chat.completions.create({ model, messages, stream: true }).asResponse();

const vectors: number[][] = (await bedrock.embeddings.create({ model: 'Titan', input: ['a'], normalize: false })).data.map(({ embedding }) => embedding);
const base64: string[] = (await bedrock.embeddings.create({ model, input: 'a', encoding_format: 'base64' })).data.map(({ embedding }) => embedding);
const best: number | undefined = (await bedrock.rerank.create({ model, query: 'a', documents: ['b'] })).results[0]?.index;
const image: string | undefined = (await bedrock.images.generate({ model, prompt: 'a' })).data?.[0]?.b64_json;
for await (const { id } of bedrock.models.list()) id.toUpperCase();
const answer: Response = await createFetch({ region: 'us-west-2' })('https://localhost/v1/models');

try {
  await bedrock.models.retrieve(model);
} catch (error) {
  if (error instanceof RateLimitError || RateLimitError.isInstance(error)) {
    const status: 429 = error.status;
    const wait: number | undefined = error.retryAfter;
    void [status, wait];
  } else if (APIError.isInstance(error)) {
    const seen: [number | undefined, string | null | undefined, string | undefined] = [error.status, error.code, error.exception];
    const base: BedrockWrapperError = error;
    void [seen, base, error instanceof APIUserAbortError];
  }
}

// @ts-expect-error a request has messages
bedrock.chat.completions.create({ model });
// @ts-expect-error there is no such role
bedrock.chat.completions.create({ model, messages: [{ role: 'robot', content: 'x' }] });
// @ts-expect-error there is no such field
bedrock.chat.completions.create({ model, messages, max_token: 5 });
// @ts-expect-error a whole answer is not iterated
for await (const chunk of await bedrock.chat.completions.create({ model, messages })) chunk;
// @ts-expect-error there is no such option
new Bedrock({ reigon: 'us-west-2' });
// @ts-expect-error OpenAI's messages hold no videos
messages.push(...films);

void [thought, lines, facts, raw, vectors, base64, best, image, answer];
