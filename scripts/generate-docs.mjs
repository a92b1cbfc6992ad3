// Writes the generated tables into the documentation: `node scripts/generate-docs.mjs`. A table stands between
// `<!-- generated: NAME -->` and `<!-- /generated -->`; a test fails when one is out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HERE } from '../__test__/credentials/cases.mjs';
import { aiSdkDifferencesTable } from './docs/ai-sdk-differences-table.mjs';
import { errorTable, findingTable, finishTable } from './docs/answers-table.mjs';
import { clientsTable } from './docs/clients-table.mjs';
import { credentialsTable } from './docs/credentials-table.mjs';
import { embeddingsTable } from './docs/embeddings-table.mjs';
import { fieldTable } from './docs/fields-table.mjs';
import { modelTables } from './docs/models-table.mjs';
import { settingsTables, settingsTypes } from './docs/settings-table.mjs';
import { wordingTable } from './docs/wordings-table.mjs';

const TABLES = {
  'docs/ai-sdk.md': { 'ai-sdk-differences': aiSdkDifferencesTable, 'ai-sdk-fields': () => fieldTable('ai_sdk') },
  'docs/ai-sdk-media.md': {
    embeddings: () => fieldTable('ai_sdk/embedding'),
    images: () => fieldTable('ai_sdk/image'),
    rerank: () => fieldTable('ai_sdk/rerank'),
  },
  'docs/credentials.md': {
    credentials: () => credentialsTable('credentials', HERE),
    refused: () => credentialsTable('refused', HERE),
    regions: () => credentialsTable('regions'),
    endpoints: () => credentialsTable('endpoints'),
  },
  'docs/embeddings.md': { models: embeddingsTable, embeddings: () => fieldTable('embeddings'), rerank: () => fieldTable('rerank') },
  'docs/gateway.md': { settings: settingsTables },
  'docs/image-generation.md': { images: () => fieldTable('images') },
  'docs/models.md': { models: modelTables },
  'docs/openai.md': { fields: () => fieldTable('chat') },
  'docs/openai-answers.md': { finishes: finishTable, errors: errorTable, findings: findingTable },
  'docs/requests.md': { fields: () => fieldTable('text') },
  'docs/simulator-clients.md': { clients: clientsTable },
  'docs/simulator-validation.md': { wordings: wordingTable },
  'js/gateway.d.ts': { settings: settingsTypes },
};

/** Every document with generated tables: its path, what it says, and what it should say. */
export function documents() {
  return Object.entries(TABLES).map(([path, tables]) => {
    const url = new URL(`../${path}`, import.meta.url);
    const text = readFileSync(url, 'utf8');
    const fresh = Object.entries(tables).reduce((document, [name, table]) => put(document, name, table()), text);
    return { path, url, text, fresh };
  });
}

function put(document, name, table) {
  const place = new RegExp(`(<!-- generated: ${name} -->\n).*?(\n[ /]*<!-- /generated -->)`, 's');
  if (!place.test(document)) throw new Error(`There is no place for the generated table ${name}.`);
  return document.replace(place, (_, open, close) => `${open}\n${table}\n${close}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { url, fresh } of documents()) writeFileSync(url, fresh);
}
