// The table of embedding models in docs/embeddings.md, made of the catalog's rows.

import { readFileSync } from 'node:fs';

const IMAGES = { none: 'no', alone: 'alone', with_text: 'alone or with a text' };

export function embeddingsTable() {
  const { models } = JSON.parse(readFileSync(new URL('../../src/catalog/models.json', import.meta.url), 'utf8'));
  const rows = models.filter(({ embedding }) => embedding).map(({ id, requires_profile: profile, profiles, embedding }) => {
    const { dimensions, batch = 1, images = 'none' } = embedding;
    const lengths = dimensions.join(', ');
    const through = profile ? `only as ${profiles.map((geography) => `\`${geography}.…\``).join(', ')}` : '';
    return [`\`${id}\``, lengths, batch, IMAGES[images], through];
  });
  const headings = ['model', 'lengths, the usual one first', 'inputs a call', 'pictures', ''];
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
