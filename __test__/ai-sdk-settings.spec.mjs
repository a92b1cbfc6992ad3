// The settings of a provider, before any model is called.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { InvalidArgumentError, LoadAPIKeyError, LoadSettingError } from '@ai-sdk/provider';
import settings from '../js/ai-sdk/settings.js';

const { providerContext } = settings;
const ENDPOINT = 'http://127.0.0.1:9';

/** Runs a program in a process of its own, with only these variables. */
async function run(program, env = {}) {
  const clean = { PATH: process.env.PATH, HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...env };
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], { env: clean, cwd: import.meta.dirname });
  return JSON.parse(stdout);
}

/** Where a provider with these settings calls. */
function about(given, env) {
  return run(`const { providerContext } = require('../js/ai-sdk/settings.js'); console.log(JSON.stringify(providerContext(${JSON.stringify(given)}).host().native.about()))`, env);
}

test('the addon is loaded by the first call', async () => {
  const program = `
    const { providerContext } = require('../js/ai-sdk/settings.js');
    const isLoaded = () => Object.keys(require.cache).some((file) => file.endsWith('.node'));
    const context = providerContext({ region: 'us-east-1', apiKey: 'key' });
    context.headers({}).then(() => {
      const before = isLoaded();
      context.host();
      console.log(JSON.stringify([before, isLoaded()]));
    });
  `;
  assert.deepEqual(await run(program), [false, true]);
});

test('there is one native client for a provider', () => {
  const context = providerContext({ region: 'us-east-1', apiKey: 'key' });
  assert.equal(context.host(), context.host());
});

test('what is left out is the default', () => {
  for (const given of [undefined, {}, { specificationVersion: undefined, generateId: null }]) {
    const { specificationVersion, generateId } = providerContext(given);
    assert.equal(specificationVersion, 'v4');
    assert.match(generateId(), /^[0-9a-f]{32}$/);
    assert.notEqual(generateId(), generateId());
  }
  const { specificationVersion, generateId } = providerContext({ specificationVersion: 'v3', generateId: () => 'id-1' });
  assert.deepEqual([specificationVersion, generateId()], ['v3', 'id-1']);
});

for (const [name, given, argument] of [
  ['a key and a profile', { apiKey: 'key', profile: 'work' }, 'profile'],
  ['two keys', { apiKey: 'key', tokenProvider: () => 'key' }, 'tokenProvider'],
  ['a key and half a pair', { apiKey: 'key', secretAccessKey: 's' }, 'secretAccessKey'],
  ['keys and a function', { accessKeyId: 'a', secretAccessKey: 's', credentialProvider: () => {} }, 'credentialProvider'],
  ['two URLs', { baseURL: ENDPOINT, endpoint: ENDPOINT }, 'endpoint'],
  ['an endpoint without Converse', { endpoint: 'mantle' }, 'endpoint'],
  ['an unknown specification', { specificationVersion: 'v2' }, 'specificationVersion'],
]) {
  test(`settings that contradict each other are refused at once: ${name}`, () => {
    assert.throws(() => providerContext(given), (error) => InvalidArgumentError.isInstance(error) && error.argument === argument && error.message.includes(`\`${argument}\``));
  });
}

test('null and undefined are no settings', () => {
  const context = providerContext({ apiKey: null, tokenProvider: undefined, profile: null, accessKeyId: 'a', secretAccessKey: 's', region: 'us-east-1', baseURL: null });
  assert.equal(context.host().native.about().region, 'us-east-1');
});

for (const [name, given, Class, message] of [
  ['a region', { region: 'us-east-1.evil.example', apiKey: 'key' }, LoadSettingError, /region/],
  ['an empty key', { region: 'us-east-1', apiKey: '' }, LoadAPIKeyError, /must not be empty/],
  ['a blank key', { region: 'us-east-1', apiKey: ' \n' }, LoadAPIKeyError, /must not be empty/],
  ['a key that is no text', { region: 'us-east-1', apiKey: 7 }, LoadAPIKeyError, /options\.apiKey/],
  ['half a pair', { region: 'us-east-1', accessKeyId: 'a' }, LoadSettingError, /must be provided together/],
  ['a fetch that is none', { region: 'us-east-1', apiKey: 'key', fetch: 'https://x.example' }, LoadSettingError, /options\.fetch/],
  ['a time', { region: 'us-east-1', apiKey: 'key', timeout: 'soon' }, LoadSettingError, /options\.timeout/],
]) {
  test(`a wrong setting is an error of the call: ${name}`, () => {
    const context = providerContext(given);
    for (const _ of [1, 2]) {
      assert.throws(() => context.host(), (error) => Class.isInstance(error) && message.test(error.message) && error.code === 'invalid_configuration' && error.retryable === false);
    }
  });
}

test('blanks around a key do not count', () => {
  assert.equal(providerContext({ region: 'us-east-1', apiKey: ' key\n' }).host().native.about().region, 'us-east-1');
});

test('a promise that nobody asks for does not end the process', async () => {
  const program = `
    const { providerContext } = require('../js/ai-sdk/settings.js');
    providerContext({ apiKey: Promise.reject(new Error('sealed')), headers: Promise.reject(new Error('sealed')) });
    setTimeout(() => console.log('true'), 1);
  `;
  assert.equal(await run(program), true);
});

test('headers of the settings are asked for at each call, whose own win', async () => {
  let calls = 0;
  const ofCall = { 'x-b': 'call', 'X-C': undefined, 'user-agent': 'ai/7' };
  for (const [headers, expected] of [
    [{ 'X-A': 'a', 'X-B': 'b', 'x-c': 'c', 'x-d': undefined }, [['x-a', 'a'], ['x-b', 'call'], ['user-agent', 'ai/7']]],
    [new Headers({ 'X-A': 'a' }), [['x-a', 'a'], ['x-b', 'call'], ['user-agent', 'ai/7']]],
    [Promise.resolve({ 'X-A': 'a' }), [['x-a', 'a'], ['x-b', 'call'], ['user-agent', 'ai/7']]],
    [() => ({ 'x-n': ++calls }), [['x-n', '1'], ['x-b', 'call'], ['user-agent', 'ai/7']]],
    [async () => ({ 'x-n': ++calls }), [['x-n', '2'], ['x-b', 'call'], ['user-agent', 'ai/7']]],
  ]) {
    assert.deepEqual(await providerContext({ headers }).headers(ofCall), expected);
  }
  assert.deepEqual(await providerContext().headers(undefined), []);
});

test('what a function of headers throws is the error of the call, as it was thrown', async () => {
  const thrown = new Error('sealed');
  const context = providerContext({ headers: () => { throw thrown; } });
  await assert.rejects(context.headers(), (error) => error === thrown);
});

test('a setting that is not known is told once', async () => {
  const warnings = [];
  const listen = (warning) => warnings.push(warning.message);
  process.on('warning', listen);
  providerContext({ regoin: 'us-east-1', defaultHeaders: undefined });
  providerContext({ regoin: 'us-east-1' });
  await once(process, 'warning');
  await new Promise(setImmediate);
  process.off('warning', listen);
  assert.deepEqual(warnings, ['The option "regoin" is not known to bedrock-wrapper and has no effect.']);
});

for (const [given, env, expected] of [
  [{}, { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'us-west-2', baseURL: null }],
  [{}, { AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'eu-west-1', baseURL: null }],
  [{ region: 'us-east-1' }, { AWS_REGION: 'us-west-2' }, { region: 'us-east-1', baseURL: null }],
  [{}, { AWS_ENDPOINT_URL: 'http://a.example/', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://b.example/' }, { region: null, baseURL: 'http://b.example' }],
  [{}, { AWS_ENDPOINT_URL: 'http://a.example/' }, { region: null, baseURL: 'http://a.example' }],
  [{}, { AWS_ENDPOINT_URL: 'http://a.example/', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, { region: null, baseURL: null }],
  [{ baseURL: 'http://c.example/' }, { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://b.example/' }, { region: null, baseURL: 'http://c.example' }],
  [{ endpoint: 'http://c.example/' }, { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://b.example/' }, { region: null, baseURL: 'http://c.example' }],
  [{ endpoint: 'runtime', baseURL: 'http://c.example/' }, {}, { region: null, baseURL: 'http://c.example' }],
  [{}, { AWS_BEDROCK_BASE_URL: 'http://d.example/openai/v1' }, { region: null, baseURL: null }],
]) {
  test(`where to call: ${JSON.stringify(given)} ${JSON.stringify(env)}`, async () => {
    assert.deepEqual(await about(given, env), expected);
  });
}
