// Every program in examples/ runs on the local Bedrock and prints what it promises.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WITH_SIMULATOR = ['--import', './examples/with-simulator.mjs'];

/** Each program: how node is started besides, and what it prints. */
const PROGRAMS = {
  'abort.mjs': [WITH_SIMULATOR, /^left the loop after 3 chunks\naborted after 3 chunks: AbortError\nreturned; the stop reason is undefined\n$/],
  'commonjs.cjs': [WITH_SIMULATOR, /^Nova-Micro: 1 \+ 1 = 2\n$/],
  'images.mjs': [WITH_SIMULATOR, /^The image is a png of 64 by 48 pixels\.\n$/],
  'non-stream.mjs': [WITH_SIMULATOR, /^Monday, .*, Sunday\n$/],
  'openai-object.mjs': [WITH_SIMULATOR, /^\[bedrock-wrapper\] request .*(?:completeResponse:\n6 \* 7 = 42\n.*){2}Claude-Opus-4-7\n$/s],
  'simulator-backend.mjs': [[], /^I am a llama\.\n$/],
  'simulator-cassette.mjs': [[], /^recorded: Oslo\.\nreplayed: Oslo\.\nnot recorded: 400 The cassette has no answer to this request .*\n$/],
  'simulator-faults.mjs': [['--no-warnings'], /^error ThrottlingException: "1, 2, 3", end_turn, requests: 3\n(?:.*\n){5}omit messageStop: "1, 2, 3", no stop reason, requests: 1\n$/],
  'simulator-in-tests.mjs': [['--test', '--test-reporter=tap'], /^# pass 4\n# fail 0\n/m],
  'simulator-rules.mjs': [['--no-warnings', '--test', '--test-reporter=tap'], /^# pass 2\n# fail 0\n/m],
  'stop.mjs': [WITH_SIMULATOR, /^Claude-4-5-Haiku: 1, 2, 3, 4, 5, 6, \(stop_sequence\)\nLlama-3-3-70b: 1, 2, 3, 4, 5, 6, \(stop_sequence\)\n {2}emulated: .*\n$/],
  'stream.mjs': [WITH_SIMULATOR, /^1, 2, .*, 19, 20\n\d\d chunks, \d+ tokens asked, \d+ answered, ended by end_turn\n$/],
  'thinking.mjs': [WITH_SIMULATOR, /^thinking: .*12 \* 12.*\nanswer: 12 \* 12 = 144\n$/],
  'ai-sdk/embeddings.mjs': [WITH_SIMULATOR, /^3 vectors of 256 numbers, \d+ tokens; the nearest is number 1\n$/],
  'ai-sdk/errors.mjs': [[], /^429 ThrottlingException true\n.* broken_stream true\nerror\n$/],
  'ai-sdk/files.mjs': [WITH_SIMULATOR, /^The image is a png of 64 by 48 pixels\.\n.* The harbour was dredged in 1987\.\n$/],
  'ai-sdk/generate-text.mjs': [WITH_SIMULATOR, /^1, 2, 3, 4, 5\nstop: \d+ tokens asked, \d+ answered\nseed: .*\n$/],
  'ai-sdk/images.mjs': [WITH_SIMULATOR, /^drawn: image\/png, some kilobytes\n$/],
  'ai-sdk/reasoning.mjs': [WITH_SIMULATOR, /^thought: .*12 \* 12.*\nanswer: 12 \* 12 = 144\n$/],
  'ai-sdk/rerank.mjs': [WITH_SIMULATOR, /^Paris is the capital of France\.\nLyon is a city in France\.\n$/],
  'ai-sdk/stream-text.mjs': [WITH_SIMULATOR, /^1, 2, .*, 19, 20\nended by stop\n$/],
  'ai-sdk/structured-output.mjs': [WITH_SIMULATOR, /^(?:3 days in Rome in spring, piece by piece\n){2}$/],
  'ai-sdk/tools.mjs': [WITH_SIMULATOR, /^get_weather\({"city":"Paris"}\)\nget_weather\({"city":"Oslo"}\)\n.*18.*-5.*\n$/s],
  'gateway/serve.mjs': [[], /^1, 2, 3, 4, 5\n$/],
  'openai/ai-sdk.mjs': [WITH_SIMULATOR, /^1, 2, 3, 4, 5\n$/],
  'openai/create-fetch.mjs': [WITH_SIMULATOR, /rains in Oslo.*\n1, 2, 3, 4, 5\n$/],
  'openai/credentials.mjs': [[], /^(?:.*: well\n){5}$/],
  'openai/documents.mjs': [WITH_SIMULATOR, /^"report" begins: The harbour was dredged in 1987\.\n$/],
  'openai/embeddings.mjs': [WITH_SIMULATOR, /^3 vectors of 256 numbers, \d+ tokens; the nearest is number 1\n$/],
  'openai/errors-and-retries.mjs': [[], /^well\n429 rate_limit_exceeded ThrottlingException true\n400 messages\[0\]\.content\nAPIConnectionTimeoutError\n$/],
  'openai/images.mjs': [WITH_SIMULATOR, /^The image is a png of 64 by 48 pixels\.\ndrawn: a PNG\n$/],
  'openai/langchain.mjs': [WITH_SIMULATOR, /^1, 2, 3, 4, 5\n1024\n$/],
  'openai/reasoning.mjs': [WITH_SIMULATOR, /^thought: .*12 \* 12.*\nanswer: 12 \* 12 = 144\n$/],
  'openai/rerank.mjs': [WITH_SIMULATOR, /^Paris is the capital of France\.\nLyon is a city in France\.\n$/],
  'openai/streaming.mjs': [WITH_SIMULATOR, /^1, 2, .*, 19, 20\nended by stop\n\d+ tokens asked, \d+ answered\n$/],
  'openai/structured-output.mjs': [WITH_SIMULATOR, /^(?:.*: 3 days in Rome in spring\n){2}$/],
  'openai/tools.mjs': [WITH_SIMULATOR, /^get_weather\(\{"city":"Paris"\}\)\nget_weather\(\{"city":"Oslo"\}\)\n.*18.*-5.*\n$/s],
};

/** No credentials or settings of whoever runs the tests; a test runner of its own, not a part of this one. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: 'true' };

test('every example is run here', () => {
  const programs = ['', 'ai-sdk/', 'gateway/', 'openai/'].flatMap((folder) => readdirSync(new URL(`../examples/${folder}`, import.meta.url)).map((file) => folder + file)).filter((file) => /\.[cm]?js$/.test(file));
  assert.deepEqual(programs.filter((file) => file !== 'with-simulator.mjs').sort(), Object.keys(PROGRAMS).sort());
});

describe('examples', { concurrency: 2 }, () => {
  for (const [file, [flags, printed]] of Object.entries(PROGRAMS)) {
    test(file, async () => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, `examples/${file}`], { cwd: ROOT, env: ENVIRONMENT });
      assert.match(stdout, printed);
      assert.equal(stderr, '');
    });
  }
});
