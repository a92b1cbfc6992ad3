// The packages as a user gets them: packed, installed into an empty program without registry and without Rust, and run.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { request, scriptedBedrock } from './support/scripted-bedrock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ADDON = readdirSync(join(ROOT, 'js')).find((file) => file.endsWith('.node'));
const PLATFORM = ADDON.split('.').at(-2);
/** npm's own script, run by the Node that runs this test, which need not be the one npm came with. */
const NPM = process.env.npm_execpath ?? realpathSync(process.env.PATH.split(delimiter).map((folder) => join(folder, 'npm')).find(existsSync));

const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-packaging-'));
const bedrock = await scriptedBedrock();
after(() => {
  bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs Node with nothing on PATH but itself and the shell that npm needs: no Rust. */
function node(args, cwd) {
  return promisify(execFile)(process.execPath, args, { cwd, env: { PATH: join(folder, 'bin'), HOME: folder, npm_config_cache: join(folder, 'cache') } });
}

async function pack(from) {
  const { stdout } = await node([NPM, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder], from);
  const [{ filename, files }] = JSON.parse(stdout);
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

async function install(name, tarballs) {
  const app = join(folder, name);
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  await node([NPM, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs], app);
  return app;
}

const packed = {};

before(async () => {
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  symlinkSync('/bin/sh', join(folder, 'bin', 'sh'));
  const platform = join(folder, PLATFORM);
  cpSync(join(ROOT, 'npm', PLATFORM), platform, { recursive: true });
  cpSync(join(ROOT, 'js', ADDON), join(platform, ADDON));
  packed.main = await pack(ROOT);
  packed.platform = await pack(platform);
});

test('the main package holds JavaScript and types only', () => {
  const expected = /^(index\.(js|mjs|d\.ts|d\.mts)|js\/(openai\/)?[a-z]+\.(js|d\.ts)|js\/ai-sdk\/[a-z0-9-]+\.(js|mjs|d\.ts|d\.mts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  assert.deepEqual(packed.main.files.filter((file) => !expected.test(file)), []);
  for (const file of ['index.js', 'index.mjs', 'index.d.ts', 'index.d.mts', 'js/native.js', 'js/native.d.ts', 'js/openai/index.d.ts', 'js/ai-sdk/index.mjs', 'js/ai-sdk/index.d.mts', 'js/ai-sdk/v3.d.ts', 'js/ai-sdk/unsupported.mjs']) {
    assert.ok(packed.main.files.includes(file), file);
  }
});

test('the platform package holds the addon', () => {
  assert.deepEqual(packed.platform.files.filter((file) => !file.endsWith('README.md')).sort(), [ADDON, 'package.json'].sort());
});

test('both together run as ES module and as CommonJS', async () => {
  const app = await install('both', [packed.main.tarball, packed.platform.tarball]);
  const body = `
    (async () => {
      let text = '';
      for await (const chunk of bedrockWrapper(${JSON.stringify(bedrock.creds)}, ${JSON.stringify(request)}, { useConverseAPI: true })) text += chunk;
      console.log(text, typeof simulate);
    })();
  `;
  writeFileSync(join(app, 'app.mjs'), `import { bedrockWrapper } from 'bedrock-wrapper'; import { simulate } from 'bedrock-wrapper/simulator'; ${body}`);
  writeFileSync(join(app, 'app.cjs'), `const { bedrockWrapper } = require('bedrock-wrapper'); const { simulate } = require('bedrock-wrapper/simulator'); ${body}`);
  for (const file of ['app.mjs', 'app.cjs']) {
    const { stdout, stderr } = await node([file], app);
    assert.deepEqual({ file, stdout, stderr }, { file, stdout: '1 2 3  function\n', stderr: '' });
  }
});

test('both together are a command', async () => {
  const app = await install('command', [packed.main.tarball, packed.platform.tarball]);
  const { stdout } = await node([join(app, 'node_modules', '.bin', 'bedrock-wrapper'), '--version'], app);
  assert.equal(stdout, `${JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version}\n`);
});

test('without the platform package the error names it', async () => {
  const app = await install('main-only', [packed.main.tarball]);
  const program = "require('bedrock-wrapper')";
  await assert.rejects(node(['--eval', program], app), ({ stderr }) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.match(stderr, /AddonNotFoundError: bedrock-wrapper has no native addon for this machine/);
    assert.ok(stderr.includes(`bedrock-wrapper-${PLATFORM}@${version}`), stderr);
    return true;
  });
});

test('without the platform package a provider for the AI SDK can be imported, and its first call says what is missing', async () => {
  const app = await install('provider', [packed.main.tarball]);
  const options = "{ prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] }";
  for (const entry of ['bedrock-wrapper/ai-sdk', 'bedrock-wrapper/ai-sdk/v3']) {
    const program = `import { bedrock } from '${entry}'; await bedrock('amazon.nova-lite-v1:0').doGenerate(${options}).catch(({ name }) => console.log(name));`;
    const { stdout } = await node(['--input-type=module', '--eval', program], app);
    assert.equal(stdout, 'AddonNotFoundError\n');
  }
});

test('an addon that does not load tells the system\'s reason', async () => {
  const app = await install('broken', [packed.main.tarball, packed.platform.tarball]);
  writeFileSync(join(app, 'node_modules', `bedrock-wrapper-${PLATFORM}`, ADDON), 'not a library');
  await assert.rejects(node(['--eval', "require('bedrock-wrapper')"], app), ({ stderr }) => {
    assert.match(stderr, /AddonNotFoundError: bedrock-wrapper found its native addon .* but it could not be loaded: .*\.node/);
    return true;
  });
});
