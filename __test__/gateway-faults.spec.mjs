// What goes wrong behind the gateway under many streams: nothing is lost in silence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';
import { isError, wrongInStream } from './support/openai-stream.mjs';

const STREAMS = 200;
const ASKED = { model: 'amazon.nova-micro-v1:0', messages: [{ role: 'user', content: 'Count from 1 to 20.' }], stream: true };

const FAULTS = [
  { fault: 'error', code: 'ThrottlingException' },
  { fault: 'error', code: 'ServiceUnavailableException' },
  { fault: 'exception', code: 'ModelStreamErrorException' },
  { fault: 'exception', code: 'ThrottlingException', frame: 5 },
  { fault: 'exception', code: 'ModelStreamErrorException', frame: 5 },
  { fault: 'errorFrame', code: 'InternalFailure', message: 'It broke.', frame: 4 },
  { fault: 'truncate', frame: 6 },
  { fault: 'end', frame: 6 },
  { fault: 'badChecksum', frame: 3 },
  { fault: 'reset' },
  { fault: 'reset', frame: 6 },
  { fault: 'stall', for: 300, frame: 4 },
  { fault: 'omit', event: 'messageStop' },
];

/** How one request ended: a status, `answered`, or `broken`. Throws where it did not end as it must. */
async function asked(url) {
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(ASKED) });
  const body = await answer.text();
  assert.ok(answer.headers.get('x-request-id'));
  if (answer.status !== 200) {
    assert.ok(isError(body), body);
    return answer.status;
  }
  assert.equal(wrongInStream(body), undefined, body);
  return body.endsWith('data: [DONE]\n\n') ? 'answered' : 'broken';
}

function counted(list) {
  const counts = {};
  for (const item of list) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

test('each of 200 streams has an end, a status or an error, whatever happens behind', async (t) => {
  const faults = FAULTS.map((fault) => ({ ...fault, probability: 0.08 }));
  const bedrock = await simulate({ faults, seed: 7, physics: { tokensPerSecond: 200 } });
  t.after(() => bedrock.close());
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
  const gateway = await serve({ port: 0, baseUrl: bedrock.url, region, accessKeyId, secretAccessKey });
  t.after(() => gateway.close());
  const ends = counted(await Promise.all(Array.from({ length: STREAMS }, () => asked(gateway.url))));
  t.diagnostic(JSON.stringify(ends));
  assert.ok(ends.answered > 0 && ends.broken > 0, JSON.stringify(ends));

  bedrock.clearFaults();
  assert.deepEqual(counted(await Promise.all(Array.from({ length: 20 }, () => asked(gateway.url)))), { answered: 20 });
});

test('an upstream that goes away and comes back', async (t) => {
  const bedrock = await simulate({ physics: { tokensPerSecond: 100 } });
  t.after(() => bedrock.close());
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
  const gateway = await serve({ port: 0, baseUrl: bedrock.url, region, accessKeyId, secretAccessKey });
  t.after(() => gateway.close());
  const running = Array.from({ length: 50 }, () => asked(gateway.url));
  await bedrock.waitForRequest();
  await bedrock.goDown(200);
  // Each is judged in `asked`: cut streams are told, and who comes in between gets a status or is answered after all.
  await Promise.all([...running, ...Array.from({ length: 50 }, () => asked(gateway.url))]);
  await bedrock.close();
  const refused = await asked(gateway.url);
  assert.ok([502, 503].includes(refused), String(refused));
});
