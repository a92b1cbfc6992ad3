// The description of the gateway's API, as it is served: it has what the engine takes, and nothing else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { serve } from '../js/gateway.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The fields of a table in the documentation, which is made from the engine's own. */
function fieldsOf(page, table) {
  const text = readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8');
  const [, after] = text.split(`<!-- generated: ${table} -->`);
  const [rows] = after.split('<!--');
  return [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name).sort();
}

test('every field that the engine takes is described', async (t) => {
  const gateway = await serve({ port: 0, simulate: true });
  t.after(() => gateway.close());
  const answer = await fetch(`${gateway.url}/openapi.json`);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  const { openapi, info, components } = await answer.json();
  assert.deepEqual([openapi, info.version], ['3.1.0', version]);
  for (const [schema, page, table] of [
    ['ChatCompletionRequest', 'openai.md', 'fields'],
    ['EmbeddingRequest', 'embeddings.md', 'embeddings'],
    ['ImageRequest', 'image-generation.md', 'images'],
    ['RerankRequest', 'embeddings.md', 'rerank'],
  ]) {
    const fields = fieldsOf(page, table);
    assert.ok(fields.length > 5, table);
    assert.deepEqual(Object.keys(components.schemas[schema].properties).sort(), fields, schema);
  }
});
