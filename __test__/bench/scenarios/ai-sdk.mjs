// A1 to A4: the provider for the AI SDK beside the AI SDK's own for Bedrock. `ai` wants a newer Node than the package.

import { wholeFrames } from '../frames.mjs';
import { cpuNow, cpuOf } from '../measure.mjs';
import { noisePng } from '../png.mjs';
import { QUESTION } from './question.mjs';

const CLIENTS = { clients: { ours: 'ai-sdk', sdk: 'ai-sdk-amazon-bedrock' }, atLeastNode: 22 };

/** What a delta costs beyond being read from a stream that lies ready: the model, and not the AI SDK, is compared. */
const deltas = {
  ...CLIENTS,
  id: 'A1',
  title: 'doStream of 20,000 deltas, beside @ai-sdk/amazon-bedrock',
  variants: [{ name: 'Converse' }],
  repeats: 9,
  full: { chunks: 20_000, warmRounds: 6 },
  quick: { chunks: 400, warmRounds: 1 },
  plan: ({ chunks }) => ({ chunks }),
  measures: [{ key: 'cpu', what: "CPU a delta above a stub model's", unit: 'µs', ratio: { must: 0.25, aim: 0.08 } }],
  async run({ open, size, read }) {
    const client = await open();
    const stub = { ...client, objects: () => stubStream(size.chunks), textOf: () => '' };
    const request = client.request(QUESTION);
    for (let round = 0; round < size.warmRounds; round += 1) {
      await read(client, request);
      await read(stub, request);
    }
    const cpu = await cpuOf(() => read(client, request));
    const floor = await cpuOf(() => read(stub, request));
    return { cpu: (cpu - floor) / size.chunks };
  },
};

/** All deltas in one read, as they lie in a proxy's buffer or come from a `fetch` that has the body already. */
const oneRead = {
  ...CLIENTS,
  id: 'A2',
  title: '20,000 deltas that arrive in one read, beside @ai-sdk/amazon-bedrock',
  variants: [{ name: 'Converse' }],
  repeats: 3,
  full: { chunks: 20_000, warmRounds: 2 },
  quick: { chunks: 400, warmRounds: 1 },
  plan: () => ({}),
  measures: [{ key: 'cpu', what: 'CPU', unit: 'ms', scale: 1e-3, ratio: { must: 0.05, aim: 0.01 } }],
  async run({ open, size }) {
    const { body, characters } = wholeFrames(size.chunks);
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' };
    const client = await open({ fetch: async () => new Response(body, { headers }) });
    const request = client.request(QUESTION);
    const readAll = async () => {
      let read = 0;
      for await (const part of await client.objects(request)) read += client.textOf(part).length;
      if (read !== characters) throw new Error(`A2: ${characters} characters of text came, the client gave ${read}`);
    };
    for (let round = 0; round < size.warmRounds; round += 1) await readAll();
    return { cpu: await cpuOf(readAll) };
  },
};

/** What a program pays for the import alone, before its first call. */
const importing = {
  ...CLIENTS,
  id: 'A3',
  title: 'import, beside @ai-sdk/amazon-bedrock',
  variants: [{ name: 'Converse' }],
  repeats: 15,
  full: {},
  quick: {},
  plan: () => ({}),
  measures: [{ key: 'cpu', what: 'CPU', unit: 'ms', scale: 1e-3, ratio: { must: 0.25, aim: 0.1 } }],
  async run({ load }) {
    const before = cpuNow();
    await load();
    return { cpu: cpuNow() - before };
  },
};

const pictures = {
  ...CLIENTS,
  id: 'A4',
  title: 'doGenerate with 4 images of 1 MB, beside @ai-sdk/amazon-bedrock',
  variants: [{ name: 'Converse' }],
  repeats: 7,
  full: { calls: 40, warmCalls: 20, imageSide: 590 },
  quick: { calls: 2, warmCalls: 1, imageSide: 590 },
  plan: () => ({}),
  measures: [{ key: 'cpu', what: 'CPU a call', unit: 'ms', scale: 1e-3, ratio: { must: 0.4, aim: 0.2 } }],
  async run({ open, size, call }) {
    const client = await open();
    const images = Array.from({ length: 4 }, (_, i) => noisePng(size.imageSide, i + 1));
    const request = client.request({ ...QUESTION, images });
    for (let i = 0; i < size.warmCalls; i += 1) await call(client, request);
    const cpu = await cpuOf(async () => {
      for (let i = 0; i < size.calls; i += 1) await call(client, request);
    });
    return { cpu: cpu / size.calls };
  },
};

export const aiSdk = [deltas, oneRead, importing, pictures];

/** The parts that a model with nothing to do would give, each when it is asked for. */
function stubStream(chunks) {
  let given = 0;
  return new ReadableStream({
    pull(controller) {
      if (given++ < chunks) controller.enqueue({ type: 'text-delta', id: '0', delta: ' the' });
      else controller.close();
    },
  }, { highWaterMark: 0 });
}
