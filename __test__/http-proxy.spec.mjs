// Proxies and certificates of the environment, against a real proxy and the simulator over http and TLS.

import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { simulate } from 'bedrock-wrapper';
import { read } from './support/caught.mjs';
import { startProxy } from './support/proxy.mjs';

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()])
  .concat('NODE_EXTRA_CA_CERTS', 'AWS_CA_BUNDLE');
const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Count from 1 to 3.' }] };
const PASSWORD = 'a-password-never-to-be-shown';

let bedrock, folder;
before(async () => {
  bedrock = await simulate({ tls: true });
  folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-http-'));
});
after(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => VARIABLES.forEach((name) => delete process.env[name]));

function credentials(endpoint) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = bedrock.env;
  return { region: AWS_REGION, accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, endpoint };
}

/** The text of one call under `environment`, with options that end a failing call at once. */
async function call(endpoint, environment = {}, options = {}) {
  VARIABLES.forEach((name) => delete process.env[name]);
  Object.assign(process.env, environment);
  const { chunks, error } = await read(credentials(endpoint), request, { maxRetries: 0, ...options });
  if (error) throw error;
  return chunks.join('');
}

async function failure(...given) {
  const error = await call(...given).then((text) => assert.fail(`it answered ${text}`), (error) => error);
  assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(PASSWORD), error.stack);
  return error;
}

describe('proxies', () => {
  let proxy;
  before(async () => { proxy = await startProxy({ user: `user:${PASSWORD}` }); });
  afterEach(() => proxy.asked.splice(0));
  after(() => proxy.close());
  const trust = () => ({ NODE_EXTRA_CA_CERTS: bedrock.env.AWS_CA_BUNDLE });

  for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) {
    test(`${name}: https goes through a tunnel`, async () => {
      assert.equal(await call(bedrock.httpsUrl, { [name]: proxy.url, ...trust() }), '1, 2, 3');
      assert.deepEqual(new Set(proxy.asked), new Set([`CONNECT ${new URL(bedrock.httpsUrl).host}`]));
    });
  }

  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) {
    test(`${name}: http goes with absolute URLs`, async () => {
      assert.equal(await call(bedrock.url, { [name]: proxy.url }), '1, 2, 3');
      assert.match(proxy.asked[0], new RegExp(`^POST ${bedrock.url}/model/`));
    });
  }

  test('a proxy may be spoken to over TLS', async (t) => {
    const front = await simulate({ tls: true, auth: 'off' });
    t.after(() => front.close());
    const environment = { HTTP_PROXY: front.httpsUrl, NODE_EXTRA_CA_CERTS: front.env.AWS_CA_BUNDLE };
    assert.equal(await call('http://bedrock.invalid', environment), '1, 2, 3');
  });

  test('a proxy for one scheme is none for the other', async () => {
    assert.equal(await call(bedrock.httpsUrl, { HTTP_PROXY: proxy.url, ...trust() }), '1, 2, 3');
    assert.equal(await call(bedrock.url, { HTTPS_PROXY: proxy.url }), '1, 2, 3');
    assert.deepEqual(proxy.asked, []);
  });

  for (const list of ['*', '127.0.0.1', 'example.com, 127.0.0.0/8']) {
    test(`NO_PROXY=${list} goes directly`, async () => {
      assert.equal(await call(bedrock.url, { HTTP_PROXY: proxy.url, NO_PROXY: list }), '1, 2, 3');
      assert.deepEqual(proxy.asked, []);
    });
  }

  test('NO_PROXY with a port is for that port', async () => {
    const { port } = new URL(bedrock.url);
    await call(bedrock.url, { HTTP_PROXY: proxy.url, no_proxy: `127.0.0.1:${port}` });
    assert.deepEqual(proxy.asked, []);
    await call(bedrock.url, { HTTP_PROXY: proxy.url, no_proxy: '127.0.0.1:1' });
    assert.equal(proxy.asked.length, 1);
  });

  test('one connection serves many calls through the tunnel', async () => {
    const environment = { HTTPS_PROXY: `${proxy.url}/?pool`, ...trust() };
    for (let n = 0; n < 5; n++) await call(bedrock.httpsUrl, environment);
    assert.ok(proxy.asked.length <= 1, proxy.asked.join());
  });

  test('a proxy that is not there is named, with its variable', async () => {
    const error = await failure(bedrock.url, { HTTP_PROXY: `http://user:${PASSWORD}@127.0.0.1:1` });
    assert.equal(error.name, 'ConnectionError');
    assert.match(error.message, /proxy 127\.0\.0\.1:1 \(environment variable HTTP_PROXY\)/);
  });

  test('a proxy that wants another user is named', async () => {
    const stranger = `http://stranger:${PASSWORD}2@${new URL(proxy.url).host}`;
    const tunnel = await failure(bedrock.httpsUrl, { HTTPS_PROXY: stranger, ...trust() });
    assert.equal(tunnel.name, 'ConnectionError');
    assert.match(tunnel.message, /environment variable HTTPS_PROXY.*authorization required/);
    const plain = await failure(bedrock.url, { HTTP_PROXY: stranger });
    assert.equal(plain.status, 407);
    assert.match(plain.message, /user and a password/);
  });

  for (const url of ['socks5://127.0.0.1:1080', 'http://', `ftp://user:${PASSWORD}@127.0.0.1`]) {
    test(`${url.split(':')[0]}: a proxy that cannot be used is no direct connection`, async () => {
      const error = await failure(bedrock.httpsUrl, { HTTPS_PROXY: url, ...trust() });
      assert.deepEqual([error.name, error.param], ['ConfigurationError', 'HTTPS_PROXY']);
    });
  }
});

describe('certificates', () => {
  for (const name of ['NODE_EXTRA_CA_CERTS', 'AWS_CA_BUNDLE']) {
    test(`${name} is trusted besides the system's`, async () => {
      assert.equal(await call(bedrock.httpsUrl, { [name]: bedrock.env.AWS_CA_BUNDLE }), '1, 2, 3');
      const error = await failure(bedrock.httpsUrl);
      assert.equal(error.name, 'ConnectionError');
      assert.match(error.message, /certificate/);
    });

    test(`${name}: a file that cannot be used is named`, async () => {
      const missing = join(folder, 'missing.pem');
      const empty = join(folder, 'empty.pem');
      writeFileSync(empty, 'no certificate\n');
      for (const file of [missing, empty]) {
        const error = await failure(bedrock.httpsUrl, { [name]: file });
        assert.ok(error.message.includes(file) && error.message.includes(name), error.message);
        assert.equal(error.name, 'ConfigurationError');
      }
    });
  }
});
