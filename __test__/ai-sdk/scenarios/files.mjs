// Files in questions: pictures, documents and their names, video, audio, texts, things on S3 and on the web, citations.

import { CLAUDE, NOVA, PDF, PNG, answering, ask, saying } from '../kit.mjs';

const bytes = (words) => new TextEncoder().encode(words);
const part = (mediaType, data, more) => ({ type: 'file', mediaType, data, ...more });
const inline = (mediaType, words, more) => part(mediaType, { type: 'data', data: typeof words === 'string' ? bytes(words) : words }, more);

/** A question to the model object itself: so it comes from `ai`, which has read URLs and texts before. */
const putting = (name, parts, model = CLAUDE) => ({
  name,
  arrange: answering('I see.'),
  run: ({ provider }) => provider(model).doGenerate({ prompt: saying({ type: 'text', text: 'What is it?' }, ...parts) }).then(({ content }) => content),
});

const documents = {
  'application/pdf': PDF,
  'text/csv': 'a,b',
  'text/plain': 'words',
  'text/html': '<p>',
  'text/markdown': '# So',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'PK',
  'application/vnd.ms-excel': 'xls',
  'application/json': '{}',
};
const names = {
  none: [undefined],
  plain: ['report.csv'],
  'of bad characters': ['mein Bericht_2024 (v2).final.csv'],
  'of other alphabets': ['отчёт.csv'],
  'of many blanks': ['a   \t b.csv'],
  'too long': [`${'x'.repeat(250)}.csv`],
  twice: ['report.csv', 'report.csv'],
  'twice when cleaned': ['report!.csv', 'report.csv', 'report?.csv'],
};

export const FILES = [
  ...ask('a picture of bytes', { arrange: answering('Red.'), options: { messages: saying({ type: 'text', text: 'What is it?' }, { type: 'file', mediaType: 'image', data: PNG }) } }),
  ...ask('a document of base64', {
    arrange: answering('Empty.'),
    options: { messages: saying({ type: 'file', mediaType: 'application/pdf', data: Buffer.from(PDF).toString('base64'), filename: 'a.pdf' }, { type: 'text', text: 'So?' }) },
  }),
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/tiff'].map((mediaType) => putting(`a picture of type ${mediaType}`, [inline(mediaType, PNG)])),
  ...Object.entries(documents).map(([mediaType, data]) => putting(`a document of type ${mediaType}`, [inline(mediaType, data)])),
  ...Object.entries(names).map(([name, list]) => putting(`a document name: ${name}`, list.map((filename, at) => inline('text/csv', `a,${at}`, { filename })))),
  ...['video/mp4', 'video/webm', 'video/quicktime', 'video/ogg'].map((mediaType) => putting(`a video of type ${mediaType}`, [inline(mediaType, 'film')], NOVA)),
  ...['audio/mpeg', 'audio/wav'].map((mediaType) => putting(`sound of type ${mediaType}`, [inline(mediaType, 'noise')], NOVA)),
  putting('a text as a file', [part('text/plain', { type: 'text', text: 'words' }, { filename: 'a.txt' })]),
  putting('a text as a file of a broad type', [part('text', { type: 'text', text: 'words' })]),
  putting('a picture on S3', [part('image/png', { type: 'url', url: new URL('s3://bucket/cat.png') })], NOVA),
  putting('a video on S3', [part('video/mp4', { type: 'url', url: new URL('s3://bucket/cat.mp4') })], NOVA),
  putting('a document on S3', [part('application/pdf', { type: 'url', url: new URL('s3://bucket/cat.pdf') })], NOVA),
  putting('a picture on the web', [part('image/png', { type: 'url', url: new URL('https://example.invalid/cat.png') })], NOVA),
  putting('a file kept by a provider', [part('image/png', { type: 'reference', reference: { openai: 'file-1' } })], NOVA),
  putting('citations of a document', [inline('text/plain', 'words', { providerOptions: { bedrock: { citations: { enabled: true } } } })]),
  putting('citations of a text as a file, under the other key', [part('text/plain', { type: 'text', text: 'words' }, { providerOptions: { amazonBedrock: { citations: { enabled: true } } } })]),
  ...ask('citations of a document that is quoted', {
    model: CLAUDE,
    options: {
      messages: saying(
        { type: 'file', mediaType: 'text/plain', filename: 'sky.txt', data: bytes('The sky is blue. Grass is green.'), providerOptions: { bedrock: { citations: { enabled: true } } } },
        { type: 'text', text: 'What does the document say?' },
      ),
    },
  }),
  {
    name: 'a file in an assistant message',
    arrange: answering('So.'),
    run: ({ provider }) =>
      provider(CLAUDE)
        .doGenerate({ prompt: [...saying({ type: 'text', text: 'Draw.' }), { role: 'assistant', content: [inline('image/png', PNG)] }, ...saying({ type: 'text', text: 'And now?' })] })
        .then(({ content }) => content),
  },
  {
    name: 'what is left to the model of URLs',
    run: async ({ provider }) => Object.fromEntries(Object.entries(await provider(NOVA).supportedUrls).map(([type, patterns]) => [type, patterns.map(String)])),
  },
];
