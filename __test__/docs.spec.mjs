// The documentation says what is: every block of code in it runs, its tables agree with the sources, its links lead
// somewhere. A block that cannot run is marked `<!-- skip: reason -->`; a block after `<!-- file: path -->` is that file,
// which is run elsewhere; a block `text` after `<!-- output -->` is what the block before it prints.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { simulate } from '../index.mjs';
import { fields } from '../scripts/docs/fields-table.mjs';
import { documents } from '../scripts/generate-docs.mjs';
import { anchorsOf, blocksOf, linksOf, tableBelow } from './support/markdown.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_SKIPPED = 2;
const isOldNode = Number(process.versions.node.split('.')[0]) < 22;
const SCRIPTS = JSON.parse(read('package.json')).scripts;
/** Commands that may stand in a `sh` block, and what must be there for them; others fail the test. */
const COMMANDS = [
  [/^npm (?:install|pack|ci)\b/, () => true],
  [/^npm (test|start)\b/, (script) => script in SCRIPTS],
  [/^npm run (?:--silent )?([\w:-]+)/, (script) => script in SCRIPTS],
  [/^node (?:--test )?(?:--import (\S+) )?([\w./-]+)/, (preload, file) => [preload, file].every((path) => !path || existsSync(join(ROOT, path)))],
  [/^cargo (?:build|check|clippy|doc|fmt|test)\b/, () => true],
  [/^npx (?:bedrock-wrapper (?:simulate|serve|health)|vitest|jest)\b/, () => true],
  [/^npx napi build\b/, () => existsSync(join(ROOT, 'node_modules/.bin/napi'))],
  [/^\.ci\/run$/, () => existsSync(join(ROOT, '.ci/run'))],
  [/^(?:docker build|docker buildx build|kubectl apply|aws cloudformation deploy|helm install)\b.*? (deploy\/\S+)/, (path) => existsSync(join(ROOT, path))],
  [/^(?:docker (?:run|push|kill)|kubectl create|aws secretsmanager)\b/, () => true],
  [/^(?:git clone|cd|eval|export|until|pip install|python3|pytest|aws bedrock-runtime|rustup target add)\b/, () => true],
];

const texts = Object.fromEntries(
  ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)]
    .map((path) => [path, read(path)]),
);
const blocks = Object.entries(texts).flatMap(([path, text]) => blocksOf(text).map((block, index) => ({ ...block, path, index })));

/** A program that has installed the package, and a Bedrock for it. */
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-docs-'));
const bedrock = await simulate({ region: 'us-west-2' });
const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  AWS_CONFIG_FILE: join(folder, 'no-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...bedrock.env,
};

before(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/bedrock-wrapper'), 'dir');
  for (const name of ['@ai-sdk', '@aws-sdk', '@types', '@smithy', 'ai', 'openai', 'undici-types', 'zod']) {
    if (existsSync(join(ROOT, 'node_modules', name))) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
  symlinkSync(join(ROOT, 'examples/picture.png'), join(folder, 'picture.png'));
});
after(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

function write(block, extension) {
  const file = join(folder, `${block.path.replaceAll(/\W/g, '-')}-${block.line}.${extension}`);
  writeFileSync(file, `${block.code}\n`);
  return file;
}

function run(command, args) {
  return promisify(execFile)(command, args, { cwd: folder, env: environment, timeout: 60_000 });
}

/** What is done with a block, by its language; what it resolves to is what the block prints. */
const LANGUAGES = {
  js: async (block, t) => {
    if (isOldNode && /from 'ai'/.test(block.code)) return t.skip('ai 7 needs Node 22');
    return (await run(process.execPath, [write(block, 'mjs')])).stdout;
  },
  cjs: async (block) => (await run(process.execPath, [write(block, 'cjs')])).stdout,
  ts: (block) => void write(block, 'mts'),
  json: (block) => void JSON.parse(block.code),
  toml: async (block) => {
    const file = write(block, 'toml');
    if (block.path.startsWith('docs/gateway')) await run(process.execPath, [join(ROOT, 'js/cli.js'), 'serve', '--config', file, '--print-config']);
    else await (await simulate({ backend: { modelMap: file } })).close();
  },
  sh: (block) => block.code.split('\n').forEach(checkCommand),
  python: async (block, t) => {
    if (spawnSync('python3', ['--version']).status !== 0) return t.skip('python3 is not installed');
    const file = write(block, 'py');
    await run('python3', ['-m', 'py_compile', file]);
    if (spawnSync('python3', ['-c', 'import boto3'], { env: environment }).status !== 0) return undefined;
    return (await run('python3', [file])).stdout;
  },
  text: () => {},
};

function checkCommand(line) {
  const command = line.replace(/\s+#.*$/, '').trim();
  if (command === '' || command.startsWith('#')) return;
  for (const part of command.split(' && ')) {
    const known = COMMANDS.map(([form, exists]) => [form.exec(part), exists]).find(([match]) => match !== null);
    assert.ok(known, `${part}: is this a command? Add its form to COMMANDS.`);
    const [match, exists] = known;
    assert.ok(exists(...match.slice(1)), `${part}: there is no such script or file`);
  }
}

describe('blocks of code', { concurrency: 2 }, () => {
  for (const block of blocks.filter(({ directive }) => !['skip', 'file'].includes(directive?.name))) {
    test(`${block.path}:${block.line} ${block.language}`, async (t) => {
      const handle = LANGUAGES[block.language];
      assert.ok(handle, `a block must say its language, one of ${Object.keys(LANGUAGES)}`);
      const printed = await handle(block, t);
      const next = blocks.find(({ path, index }) => path === block.path && index === block.index + 1);
      if (next?.directive?.name !== 'output' || printed === undefined) return;
      assert.equal(printed.trimEnd(), next.code);
    });
  }
});

test('blocks that show a file show what is in it', () => {
  const shown = blocks.filter(({ directive }) => directive?.name === 'file');
  assert.ok(shown.length > 0);
  for (const { path, line, directive, code } of shown) assert.equal(`${code}\n`, read(directive.value), `${path}:${line}`);
});

test('blocks of TypeScript are typed right', async () => {
  const typed = blocks.filter(({ language }) => language === 'ts');
  assert.ok(typed.length > 0);
  const files = typed.map((block) => write(block, 'mts'));
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['es2023', 'esnext.disposable'], types: ['node'], strict: true, noEmit: true };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['--project', folder]).catch(({ stdout }) => assert.fail(stdout));
});

test('few blocks are skipped, each with a reason, and each output belongs to a program', () => {
  const skipped = blocks.filter(({ directive }) => directive?.name === 'skip');
  assert.ok(skipped.length <= MOST_SKIPPED, `${skipped.length} blocks are skipped`);
  for (const { directive, path, line } of skipped) assert.ok(directive.value.length >= 20, `${path}:${line}: why?`);
  for (const { directive, path, index, line } of blocks) {
    if (directive?.name !== 'output') continue;
    const before = blocks.find((block) => block.path === path && block.index === index - 1);
    assert.ok(['js', 'cjs', 'python'].includes(before?.language), `${path}:${line}: the output of what?`);
  }
});

test('links lead somewhere', () => {
  for (const [path, text] of Object.entries(texts)) {
    for (const target of linksOf(text).filter((target) => !/^https?:/.test(target))) {
      const [file, anchor] = target.split('#');
      const there = file === '' ? path : join(dirname(path), file);
      assert.ok(existsSync(join(ROOT, there)), `${path}: ${target}`);
      if (anchor) assert.ok(anchorsOf(read(there)).includes(anchor), `${path}: ${target}`);
    }
  }
});

test('the tables of errors are the table of the source', () => {
  const rows = [...read('src/error.rs').matchAll(/^ {4}row\(Kind::\w+, "(\w+)", "(\w+)", (\d+), (true|false)\),$/gm)];
  const expected = rows.map(([, name, code, status, again]) => [name, code, status === '0' ? '' : status, again === 'true' ? 'yes' : '']);
  assert.ok(expected.length > 20);
  for (const path of ['README.md', 'docs/errors.md']) {
    assert.deepEqual(tableBelow(texts[path], '## Errors').map((row) => row.slice(0, 4)), expected, path);
  }
});

test('the public types name every error', () => {
  const types = read('index.d.ts');
  const codes = [...read('src/error.rs').matchAll(/^ {4}row\(Kind::\w+, "\w+", "(\w+)"/gm)].map(([, code]) => code);
  const ofFields = [...read('src/error.rs').matchAll(/ApiCode::\w+ => "(\w+)"/g)].map(([, code]) => code);
  const named = [...types.split('export type ErrorCode =')[1].matchAll(/'(\w+)'/g)].map(([, code]) => code);
  assert.ok(ofFields.length > 5);
  assert.deepEqual(named.toSorted(), [...codes, 'addon_not_found', ...ofFields, 'context_length_exceeded'].toSorted());
  const own = [...read('src/error.rs').matchAll(/^ {4}row\(Kind::\w+, "(\w*Error)"/gm)].map(([, name]) => name);
  for (const name of own.filter((name) => name !== 'AbortError')) assert.ok(types.includes(`\`${name}\``), name);
});

test('the generated tables are up to date: node scripts/generate-docs.mjs', () => {
  for (const dialect of ['text', 'chat']) assert.ok(fields(dialect).length > 30);
  for (const { path, text, fresh } of documents()) assert.equal(text, fresh, path);
});
