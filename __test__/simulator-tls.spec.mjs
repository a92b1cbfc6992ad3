// TLS: both protocols by ALPN, the names of the certificate, the environment, and AWS's own client over it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { simulate } from 'bedrock-wrapper/simulator';

const SDK = pathToFileURL(createRequire(import.meta.url).resolve('@aws-sdk/client-bedrock-runtime')).href;
const HTTP1 = pathToFileURL(createRequire(import.meta.url).resolve('@smithy/node-http-handler')).href;
let bedrock;

before(async () => {
  bedrock = await simulate({ tls: true, bearerKeys: ['ABSKbedrock'] });
});
after(() => bedrock.close());

function handshake(options) {
  const { port } = new URL(bedrock.httpsUrl);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: bedrock.caPem, servername: 'localhost', ...options }, () => {
      resolve({ protocol: socket.alpnProtocol, version: socket.getProtocol(), names: socket.getPeerCertificate().subjectaltname });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test('it speaks both protocols, as the client asks', async () => {
  assert.match(bedrock.httpsUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
  for (const protocol of ['h2', 'http/1.1']) assert.equal((await handshake({ ALPNProtocols: [protocol] })).protocol, protocol);
  for (const version of ['TLSv1.2', 'TLSv1.3']) assert.equal((await handshake({ minVersion: version, maxVersion: version })).version, version);
});

test('the certificate holds for this machine and for AWS, and for no one who does not trust it', async () => {
  const { names } = await handshake({});
  for (const name of ['DNS:localhost', 'DNS:*.amazonaws.com', 'DNS:*.us-east-1.amazonaws.com', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1']) {
    assert.ok(names.includes(name), `${name}: ${names}`);
  }
  await handshake({ servername: 'bedrock-runtime.us-east-1.amazonaws.com' });
  await assert.rejects(handshake({ servername: 'example.com' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await assert.rejects(handshake({ ca: undefined }), /certificate/);
});

for (const [name, handler] of [['HTTP/2', ''], ['HTTP/1.1', 'requestHandler: new NodeHttpHandler(),']]) {
  test(`AWS's own client needs the environment and nothing else, over ${name}`, async () => {
    const program = `
      import { BedrockRuntimeClient, ConverseStreamCommand } from ${JSON.stringify(SDK)};
      import { NodeHttpHandler } from ${JSON.stringify(HTTP1)};
      const client = new BedrockRuntimeClient({ ${handler} });
      const messages = [{ role: 'user', content: [{ text: 'Count from 1 to 3.' }] }];
      const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'us.amazon.nova-micro-v1:0', messages }));
      for await (const { contentBlockDelta } of stream) process.stdout.write(contentBlockDelta?.delta.text ?? '');
      client.destroy();
    `;
    const env = { PATH: process.env.PATH, ...bedrock.env };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { env });
    assert.equal(stdout, '1, 2, 3');
    const { requests } = await (await fetch(`${bedrock.url}/_simulator/journal`)).json();
    assert.equal(requests.at(-1).httpVersion, name);
  });
}

test('the certificate is in a file until the simulator is closed, or stays where it was asked for', async () => {
  const temporary = await simulate({ tls: true });
  const { AWS_CA_BUNDLE: file } = temporary.env;
  assert.equal(readFileSync(file, 'utf8'), temporary.caPem);
  await temporary.close();
  assert.ok(!existsSync(file));
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-tls-'));
  const caFile = join(folder, 'ca.pem');
  const chosen = await simulate({ tls: { caFile } });
  await chosen.close();
  assert.equal(readFileSync(caFile, 'utf8'), chosen.caPem);
  writeFileSync(caFile, '');
  rmSync(folder, { recursive: true });
  await assert.rejects(simulate({ tls: { caFile: join(folder, 'none', 'ca.pem') } }), { name: 'ConfigurationError' });
});

test('what is not TLS is let go, and the next client is served', async () => {
  await assert.rejects(fetch(bedrock.httpsUrl.replace('https', 'http')));
  assert.equal((await handshake({ ALPNProtocols: ['h2'] })).protocol, 'h2');
});

test('without TLS there is neither URL nor certificate', async () => {
  const plain = await simulate();
  assert.deepEqual([plain.httpsUrl, plain.caPem, plain.env.AWS_CA_BUNDLE], [undefined, undefined, undefined]);
  await plain.close();
});

test('everybody and no key needed: a warning', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const open = await simulate({ host: '0.0.0.0', auth: 'off' });
  assert.match(open.url, /^http:\/\/127\.0\.0\.1:/);
  assert.match((await warned).message, /0\.0\.0\.0 without authentication/);
  await open.close();
});
