// The recipes in deploy/ as the tools of their trade judge them: hadolint, cfn-lint, Helm, and the schemas of the oldest
// and newest Kubernetes that the chart is for. Each judge must also refuse a recipe with a mistake in it.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT, missing, run } from './tools.mjs';

const CHART = 'deploy/helm/bedrock-gateway';
const EVERY_VALUE = '__test__/clients/deployment/every-value.yaml';
/** The oldest that Chart.yaml allows, and the newest that the validator knows. */
const KUBERNETES = ['1.30', '1.37'];
const KEYS = ['--set', 'secret.existing=bedrock-gateway-keys'];
const PLAIN_MANIFESTS = 'deploy/kubernetes/bedrock-gateway.yaml';

const because = await missing();
const skip = because !== undefined && `the tools cannot be installed here: ${because}`;
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-deploy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function accepts(tool, ...args) {
  const { isContent, stdout, printed } = await run(tool, ...args);
  assert.ok(isContent, printed);
  return stdout;
}

async function refuses(complaint, tool, ...args) {
  const { isContent, printed } = await run(tool, ...args);
  assert.equal(isContent, false, printed);
  assert.match(printed, complaint);
}

/** A copy of a recipe with a mistake in it. */
function spoilt(recipe, right, wrong) {
  const text = readFileSync(join(ROOT, recipe), 'utf8');
  assert.ok(text.includes(right), `${recipe} no longer has ${right}`);
  const copy = join(folder, recipe.replaceAll('/', '-'));
  writeFileSync(copy, text.replace(right, wrong));
  return copy;
}

function spoiltChart(file, right, wrong) {
  const copy = mkdtempSync(join(folder, 'chart-'));
  cpSync(join(ROOT, CHART), copy, { recursive: true });
  cpSync(spoilt(join(CHART, file), right, wrong), join(copy, file));
  return copy;
}

async function rendered(chart, ...args) {
  const manifests = join(folder, `manifests-${Math.random()}.yaml`);
  writeFileSync(manifests, await accepts('helm', 'template', 'bedrock-gateway', chart, '--namespace', 'bedrock-gateway', ...args));
  return manifests;
}

test('every tool has a version', () => {
  const lines = readFileSync(join(ROOT, '__test__/clients/deployment/requirements.txt'), 'utf8').trimEnd().split('\n');
  for (const line of lines.filter((line) => !line.startsWith('#'))) assert.match(line, /^[\w-]+==[\w.]+$/);
});

describe('Dockerfiles', { skip }, () => {
  for (const file of ['deploy/docker/Dockerfile', 'deploy/lambda/Dockerfile']) {
    test(file, () => accepts('hadolint', '--failure-threshold', 'style', file));
  }

  test('a relative folder and an unpinned image are found', async () => {
    await refuses(/DL3000/, 'hadolint', spoilt('deploy/docker/Dockerfile', 'WORKDIR /src', 'WORKDIR src'));
    await refuses(/DL3006/, 'hadolint', spoilt('deploy/docker/Dockerfile', 'rust:${RUST_VERSION}-slim-bookworm', 'rust'));
  });
});

describe('CloudFormation', { skip }, () => {
  for (const file of ['deploy/ecs/template.yaml', 'deploy/lambda/template.yaml']) {
    test(file, () => accepts('cfn-lint', '--include-checks', 'I', '--regions', 'us-east-1', 'eu-west-1', '--', file));
  }

  test('a misspelt property, a wrong value and a lost reference are found', async () => {
    const ecs = (right, wrong) => ['cfn-lint', '--', spoilt('deploy/ecs/template.yaml', right, wrong)];
    await refuses(/E3002/, ...ecs('DesiredCount:', 'DesiredCuont:'));
    await refuses(/E1010|E1019|E1020/, ...ecs('TargetGroupArn: !Ref TargetGroup }\n\n  ValkeySec', 'TargetGroupArn: !Ref Targets }\n\n  ValkeySec'));
    await refuses(/E3030/, 'cfn-lint', '--', spoilt('deploy/lambda/template.yaml', 'InvokeMode: RESPONSE_STREAM', 'InvokeMode: STREAM'));
  });
});

describe('Helm chart', { skip }, () => {
  for (const [name, ...values] of [['default values', ...KEYS], ['every value', '--values', EVERY_VALUE], ['fixed replicas', ...KEYS, '--set', 'autoscaling.enabled=false']]) {
    test(name, async () => {
      await accepts('helm', 'lint', '--strict', CHART, ...values);
      const manifests = await rendered(CHART, ...values);
      for (const version of KUBERNETES) await accepts('kubernetes-validate', '--strict', '--kubernetes-version', version, manifests);
    });
  }

  test('every value is used: each leaves its mark on what is rendered', async () => {
    const text = readFileSync(await rendered(CHART, '--values', EVERY_VALUE), 'utf8');
    const lines = readFileSync(join(ROOT, EVERY_VALUE), 'utf8').split('\n').filter((line) => /: \S/.test(line) && !/enabled|repository|digest/.test(line));
    assert.ok(lines.length > 15);
    for (const line of lines) assert.ok(text.includes(line.split(': ').at(-1).replaceAll('"', '')), line);
  });

  test('keys must be given, or their absence be wanted', async () => {
    await refuses(/Without keys anyone/, 'helm', 'template', CHART);
    await accepts('helm', 'template', CHART, '--set-string', 'environment.BEDROCK_GATEWAY_ALLOW_ANONYMOUS=true');
  });

  test('a misspelt value, a broken template and a wrong manifest are found', async () => {
    await refuses(/Additional property replica is not allowed/, 'helm', 'lint', CHART, ...KEYS, '--set', 'replica=3');
    await refuses(/parse error|unexpected/, 'helm', 'lint', spoiltChart('templates/service.yaml', '{{- end }}', ''), ...KEYS);
    const manifests = await rendered(spoiltChart('templates/deployment.yaml', 'readOnlyRootFilesystem', 'readonlyRootFilesystem'), ...KEYS);
    await refuses(/readonlyRootFilesystem/, 'kubernetes-validate', '--strict', '--kubernetes-version', KUBERNETES[0], manifests);
  });
});

test('the plain manifests are the chart with its default values: UPDATE_DEPLOY=1 writes them', { skip }, async () => {
  const text = readFileSync(join(ROOT, PLAIN_MANIFESTS), 'utf8');
  const [header] = /^(?:#.*\n)+/.exec(text);
  const fresh = header + readFileSync(await rendered(CHART, ...KEYS), 'utf8');
  if (process.env.UPDATE_DEPLOY) writeFileSync(join(ROOT, PLAIN_MANIFESTS), fresh);
  assert.equal(process.env.UPDATE_DEPLOY ? fresh : text, fresh);
});
