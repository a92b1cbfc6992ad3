// All scenarios in the order of the table. Each is data plus `run`, which the client's own process executes:
//   id, title      the row's name
//   clients        modules of clients/ in place of `ours` and `sdk`, if any
//   atLeastNode    the Node that the clients need, if it is newer than the package's oldest
//   variants       what is run separately; `api` is the Bedrock API the client uses
//   repeats        runs of each side; the figure is their median
//   full, quick    sizes of a real run and of the smoke run
//   plan(size)     what the mock server is told before each run
//   run(context)   -> {measure: number}; context: {load, open, size, variant, drain, read, call, embed}
//   measures       the rows: unit, scale from the raw figure, and a target as ratio to the other side or as it stands
//   execArgv       flags for the Node process, if any

import { aiSdk } from './ai-sdk.mjs';
import { calls } from './calls.mjs';
import { chatStream } from './chat-stream.mjs';
import { chatTools } from './chat-tools.mjs';
import { connections } from './connections.mjs';
import { embeddings } from './embeddings.mjs';
import { largeRequests } from './large-requests.mjs';
import { longConversation } from './long-conversation.mjs';
import { manyStreams } from './many-streams.mjs';
import { memoryGrowth } from './memory-growth.mjs';
import { oneStream } from './one-stream.mjs';
import { openaiStream } from './openai-stream.mjs';
import { pacedStreams } from './paced-streams.mjs';
import { startup } from './startup.mjs';

export const SCENARIOS = [
  oneStream, manyStreams, pacedStreams, calls, startup, memoryGrowth, largeRequests, connections,
  chatStream, openaiStream, chatTools, longConversation, embeddings, ...aiSdk,
];

export function scenarioById(id) {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
