// The hand-written types say what the code does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as esm from '../index.mjs';

const require = createRequire(import.meta.url);
const cjs = require('../index.js');
const { errorKinds } = require('../js/native.js');
const types = readFileSync(new URL('../index.d.ts', import.meta.url), 'utf8');

test('ES module and CommonJS export the same objects, which are those of the types', () => {
  const { default: main, ...named } = esm;
  assert.equal(main, cjs.bedrockWrapper);
  assert.deepEqual({ ...named }, { ...cjs });
  assert.deepEqual(valuesOf(new URL('../index.d.ts', import.meta.url)).sort(), Object.keys(cjs).sort());
});

/** The names of functions and classes that a file of types exports, those of the files it passes on among them. */
function valuesOf(file) {
  const text = readFileSync(file, 'utf8');
  const own = [...text.matchAll(/^export (?:function|class|\{) ?(\w+)/gm)].map(([, name]) => name);
  const passedOn = [...text.matchAll(/^export \* from '(.+)\.js';/gm)].map(([, path]) => new URL(`${path}.d.ts`, file));
  return [...own, ...passedOn.flatMap(valuesOf)];
}

test('ErrorCode lists every code, in the order of the table, before those of OpenAI', () => {
  const [, union] = /export type ErrorCode =([^;]+);/.exec(types);
  const declared = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
  const own = [...errorKinds().map(({ code }) => code), 'addon_not_found'];
  assert.deepEqual(declared.slice(0, own.length), own);
});

test('every supported model is a JSON string of name and id', async () => {
  const models = await esm.listBedrockWrapperSupportedModels();
  assert.ok(models.length >= 83, `${models.length} models`);
  for (const model of models) assert.deepEqual(Object.keys(JSON.parse(model)), ['modelName', 'modelId']);
});
