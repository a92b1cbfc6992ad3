// A suite over all its models: every case on every API, streaming and not.

import { call } from './call.mjs';

const MODES = [['stream', true], ['once', false]];

/** The columns of a suite's table: each API in each mode. */
export function lanesOf(apis) {
  return apis.flatMap((api) => MODES.map(([mode, stream]) => ({ name: `${api} ${mode}`, api, stream })));
}

/** Runs the suite, `concurrency` models at a time, and yields each model's results in the order of `models`. */
export async function* runSuite(suite, { models, concurrency, ...how }) {
  const queues = Array(concurrency).fill(Promise.resolve());
  const results = models.map((model, at) => {
    const queue = at % concurrency;
    queues[queue] = queues[queue].then(() => runModel(suite, model, how));
    return queues[queue];
  });
  for (const result of results) yield await result;
}

async function runModel(suite, model, { bedrock, lanes, isLive }) {
  const cells = [];
  for (const { name, api, stream } of lanes) {
    const calls = [];
    for (const one of suite.cases.filter((each) => each.of(model))) {
      calls.push({ case: one.name, ...(await call({ creds: bedrock.creds, isLive, model, api, stream, one })) });
    }
    cells.push({ lane: name, calls });
  }
  return { model: model.name, cells };
}
