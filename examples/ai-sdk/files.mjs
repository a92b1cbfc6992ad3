// A picture to look at and a document to read.
import { readFileSync } from 'node:fs';
import { generateText } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const model = bedrock('us.anthropic.claude-sonnet-4-5-20250929-v1:0');
const ask = async (question, file) => {
  const content = [{ type: 'text', text: question }, { type: 'file', ...file }];
  const { text } = await generateText({ model, messages: [{ role: 'user', content }] });
  console.log(text);
};

const picture = readFileSync(new URL('../picture.png', import.meta.url));
await ask('What do you see?', { data: picture, mediaType: 'image/png' });

const report = Buffer.from('The harbour was dredged in 1987.\nIt took three years.\n');
await ask('What is the first line of this document?', { data: report, mediaType: 'text/plain', filename: 'report.txt' });
