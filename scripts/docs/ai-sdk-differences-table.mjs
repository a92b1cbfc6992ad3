// The table of docs/ai-sdk.md of where this provider differs from @ai-sdk/amazon-bedrock. A test runs the same scenarios
// with both: it fails when they differ where no row says so, and when a row is of something that does not differ.

import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));

export function aiSdkDifferencesTable() {
  const version = read('package.json').devDependencies['@ai-sdk/amazon-bedrock'];
  const rows = read('__test__/ai-sdk/differences.json').map(({ topic, present, ours, why }) => [topic, present, ours, why]);
  const headings = ['what', `@ai-sdk/amazon-bedrock ${version}`, 'bedrock-wrapper', 'why'];
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
