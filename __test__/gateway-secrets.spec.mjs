// Keys from AWS Secrets Manager and the Parameter Store. AWS's own signer judges what they are asked with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../js/gateway.js';
import { bearer, chat } from './support/gateway.mjs';
import { secretOf, verifyingServer } from './support/verifying-server.mjs';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf';
const ANSWER = { output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } }, stopReason: 'end_turn', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };

/** A server that is Bedrock, Secrets Manager and the Parameter Store; `secrets` are what it holds. */
async function stores(t, secrets) {
  const server = await verifyingServer(({ service, body }) => {
    if (service === 'bedrock') return { body: ANSWER };
    const secret = secrets[service];
    if (secret === undefined) {
      return { status: 400, body: { __type: 'ResourceNotFoundException', message: `There is none of ${JSON.parse(body).SecretId}.` } };
    }
    return { body: service === 'ssm' ? { Parameter: { Value: secret } } : { SecretString: secret } };
  });
  t.after(() => server.close());
  const variables = { AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url, AWS_ENDPOINT_URL_SSM: server.url };
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  t.after(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const options = { port: 0, baseUrl: server.url, region: 'us-west-2', accessKeyId: 'AKID1', secretAccessKey: secretOf('AKID1') };
  const gateway = async (more) => {
    const gateway = await serve({ ...options, ...more });
    t.after(() => gateway.close());
    return gateway;
  };
  return { server, gateway, options };
}

test('keys come from both stores, asked as AWS wants it', async (t) => {
  const { server, gateway } = await stores(t, { secretsmanager: '{"api_key": "sk-secret"}', ssm: 'sk-one\nsk-two' });
  const on = await gateway({ apiKeySecretArn: ARN, apiKeyParamName: '/keys' });
  const [secret, parameter] = server.seen;
  const asked = ({ auth, as, service, region, body, path, method }) => ({ auth, as, service, region, body: JSON.parse(body), path, method });
  const common = { auth: 'sigv4', as: 'AKID1', path: '/', method: 'POST' };
  assert.deepEqual(asked(secret), { ...common, service: 'secretsmanager', region: 'eu-west-1', body: { SecretId: ARN } });
  assert.deepEqual(asked(parameter), { ...common, service: 'ssm', region: 'us-west-2', body: { Name: '/keys', WithDecryption: true } });
  const statuses = [];
  for (const key of ['sk-secret', 'sk-one', 'sk-two', 'sk-none']) statuses.push((await chat(on, bearer(key))).status);
  assert.deepEqual(statuses, [200, 200, 200, 401]);
});

test('they are read again on reload and after a while', async (t) => {
  const secrets = { secretsmanager: '["sk-old"]' };
  const { gateway, options } = await stores(t, secrets);
  const status = async (on, key) => (await chat(on, bearer(key))).status;
  const settings = { apiKeySecretArn: ARN, apiKeyRefreshSeconds: 0 };
  const on = await gateway(settings);
  secrets.secretsmanager = '["sk-new"]';
  assert.equal(await status(on, 'sk-old'), 200);
  await on.reload({ ...options, ...settings });
  assert.deepEqual([await status(on, 'sk-old'), await status(on, 'sk-new')], [401, 200]);
  secrets.secretsmanager = undefined;
  await assert.rejects(on.reload({ ...options, ...settings }), { name: 'ConfigurationError', param: 'api_key_secret_arn' });
  assert.equal(await status(on, 'sk-new'), 200, 'those that held stay');

  secrets.secretsmanager = '["sk-first"]';
  const often = await gateway({ apiKeySecretArn: ARN, apiKeyRefreshSeconds: 0.05 });
  secrets.secretsmanager = '["sk-second"]';
  while ((await status(often, 'sk-second')) !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await status(often, 'sk-first'), 401);
});

test('a gateway whose keys cannot be read does not start', async (t) => {
  const { gateway } = await stores(t, { ssm: '{}' });
  const missing = await gateway({ apiKeySecretArn: ARN }).catch((error) => error);
  assert.deepEqual([missing.name, missing.param], ['ConfigurationError', 'api_key_secret_arn']);
  assert.match(missing.message, /could not be read: .*There is none of arn:aws/);
  const empty = await gateway({ apiKeyParamName: '/keys' }).catch((error) => error);
  assert.match(empty.message, /api_key_param_name holds no key/);
});
