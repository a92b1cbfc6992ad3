// The recipes in deploy/ fit the program that they start. What the tools of their trade say of them is in
// `npm run test:clients`.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

const recipes = readdirSync(join(ROOT, 'deploy'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const cargo = read('Cargo.toml');
const ecs = read('deploy/ecs/template.yaml');
const lambda = read('deploy/lambda/template.yaml');
const chart = read('deploy/helm/bedrock-gateway/Chart.yaml');

/** The number that follows `name` in a recipe. */
function number(text, name) {
  const [, digits] = new RegExp(`${name}\\W+(?:Value:\\W*|value:\\W*)?(\\d+)`).exec(text) ?? [];
  assert.ok(digits, name);
  return Number(digits);
}

test('every variable is a setting', () => {
  const table = read('src/gateway/settings/table.rs');
  const settings = new Set([...table.matchAll(/(?:row|secret)\(\s*"(\w+)"/g)].map(([, name]) => `BEDROCK_GATEWAY_${name.toUpperCase()}`));
  settings.add('BEDROCK_GATEWAY_CONFIG');
  assert.ok(settings.size > 15);
  let found = 0;
  for (const path of [...recipes, join(ROOT, 'docs/gateway-deployment.md')]) {
    for (const [name] of readFileSync(path, 'utf8').matchAll(/BEDROCK_GATEWAY_\w+/g)) {
      assert.ok(settings.has(name), `${path}: ${name} is no setting`);
      found++;
    }
  }
  assert.ok(found > 5);
});

test('the image is made with the Rust and from the files that the crate asks for', () => {
  const dockerfile = read('deploy/docker/Dockerfile');
  assert.equal(/RUST_VERSION=(.*)/.exec(dockerfile)[1], /rust-version = "(.*)"/.exec(cargo)[1]);
  const sent = read('deploy/docker/Dockerfile.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  assert.deepEqual(sent, ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src']);
});

test('the chart is of this version', () => {
  assert.equal(/^appVersion: (.*)$/m.exec(chart)[1], JSON.parse(read('package.json')).version);
});

test('both templates allow the same of Bedrock, and no more than the gateway does', () => {
  const actions = (template) => [...new Set(template.match(/bedrock:[A-Z]\w+/g))].sort();
  const expected = ['bedrock:ApplyGuardrail', 'bedrock:GetInferenceProfile', 'bedrock:GetProvisionedModelThroughput', 'bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:ListFoundationModels', 'bedrock:ListInferenceProfiles'];
  assert.deepEqual(actions(ecs), expected);
  assert.deepEqual(actions(lambda), expected);
});

test('what stops a gateway waits until it has stopped, and what calls it hangs up first', () => {
  assert.ok(number(ecs, 'StopTimeout') > number(ecs, 'BEDROCK_GATEWAY_SHUTDOWN_SECONDS'));
  assert.ok(number(ecs, 'BEDROCK_GATEWAY_IDLE_SECONDS') > number(ecs, 'idle_timeout.timeout_seconds'));
  const manifests = read('deploy/kubernetes/bedrock-gateway.yaml');
  const [leaving, running] = [number(manifests, 'seconds'), number(manifests, 'BEDROCK_GATEWAY_SHUTDOWN_SECONDS')];
  assert.ok(number(manifests, 'terminationGracePeriodSeconds') > leaving + running);
});

test('Kubernetes sets none of the gateway\'s variables for its Service', () => {
  assert.match(read('deploy/kubernetes/bedrock-gateway.yaml'), /^ {6}enableServiceLinks: false$/m);
});
