// `bedrock-wrapper/ai-sdk` where there is no Node: bundled for browsers and edge runtimes, and run there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { build } from 'esbuild';
import * as anyVersion from 'bedrock-wrapper/ai-sdk';
import * as v3 from 'bedrock-wrapper/ai-sdk/v3';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SENTENCE = /^bedrock-wrapper\/ai-sdk needs Node\.js: .*runtime = 'nodejs'.*@ai-sdk\/openai-compatible\.$/;

/** What esbuild makes of a program. */
async function bundled(program, options) {
  const stdin = { contents: program, resolveDir: ROOT, loader: 'js' };
  const { outputFiles: [{ text }], warnings } = await build({ stdin, bundle: true, write: false, format: 'iife', globalName: 'program', logLevel: 'silent', ...options });
  assert.deepEqual(warnings, []);
  return text;
}

/** Runs a bundle where there is nothing but a console. */
function run(bundle) {
  const told = [];
  const context = vm.createContext({ console: { error: (text) => told.push(text) } });
  const program = vm.runInContext(`${bundle}; program`, context);
  return { program, told };
}

const PLACES = {
  'a browser': { platform: 'browser' },
  'Next.js\'s edge runtime': { platform: 'neutral', conditions: ['edge-light'] },
  'Cloudflare Workers': { platform: 'neutral', conditions: ['workerd', 'worker', 'browser'] },
  'a service worker': { platform: 'neutral', conditions: ['worker'] },
};

for (const [name, options] of Object.entries(PLACES)) {
  for (const entry of ['bedrock-wrapper/ai-sdk', 'bedrock-wrapper/ai-sdk/v3']) {
    for (const program of [`export * from '${entry}'`, `module.exports = require('${entry}')`]) {
      test(`${program} in ${name} tells what to do, once, and again where it is used`, async () => {
        const { program: provider, told } = run(await bundled(program, options));
        assert.equal(told.length, 1);
        assert.match(told[0], SENTENCE);
        const { amazonBedrock, bedrock, createAmazonBedrock, createBedrock } = provider;
        const methods = Object.keys(anyVersion.bedrock).filter((member) => typeof anyVersion.bedrock[member] === 'function');
        for (const use of [
          () => amazonBedrock('m'),
          () => new bedrock('m'),
          () => createAmazonBedrock({ region: 'us-east-1' }),
          () => createBedrock(),
          () => bedrock.tools.bash_20250124(),
          ...methods.map((method) => () => bedrock[method]('m')),
        ]) {
          assert.throws(use, ({ message }) => SENTENCE.test(message), String(use));
        }
      });
    }
  }
}

test('a bundle for Node needs the package beside it, and finds it', async () => {
  const program = "import { bedrock } from 'bedrock-wrapper/ai-sdk'; export const { provider } = bedrock('m');";
  const bundle = await bundled(program, { platform: 'node', format: 'esm', packages: 'external' });
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `${bundle}; console.log(provider)`], { cwd: ROOT });
  assert.equal(stdout, 'amazon-bedrock\n');
});

for (const [entry, names] of Object.entries({
  'bedrock-wrapper/ai-sdk/anthropic': ['bedrockAnthropic', 'createBedrockAnthropic'],
  'bedrock-wrapper/ai-sdk/mantle': ['bedrockMantle', 'createBedrockMantle'],
})) {
  test(`${entry} tells the same in every place`, async () => {
    for (const options of Object.values(PLACES)) {
      const { program: provider, told } = run(await bundled(`export { ${names} } from '${entry}'`, options));
      assert.match(told.join(), SENTENCE);
      for (const name of names) assert.throws(() => provider[name]('m'), ({ message }) => SENTENCE.test(message));
    }
  });
}

test('every name is there where nothing works', async () => {
  const program = "console.log(Object.keys(await import('./js/ai-sdk/unsupported.mjs')).join())";
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT });
  const names = stdout.trim().split(',');
  for (const entry of [anyVersion, v3]) assert.deepEqual(Object.keys(entry).filter((name) => !names.includes(name)), []);
});

test('importing the provider does not load the addon', async () => {
  const loaded = "Object.keys((await import('node:module')).createRequire(import.meta.url).cache).filter((file) => file.endsWith('.node')).length";
  const program = `await import('bedrock-wrapper/ai-sdk'); const before = ${loaded}; await import('bedrock-wrapper'); console.log(before, ${loaded});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT });
  assert.equal(stdout, '0 1\n');
});
