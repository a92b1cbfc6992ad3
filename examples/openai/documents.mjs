// A document to read.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();
const report = Buffer.from('The harbour was dredged in 1987.\nIt took three years.\n');

const completion = await bedrock.chat.completions.create({
  model: 'Claude-4-5-Sonnet',
  messages: [{
    role: 'user',
    content: [
      { type: 'text', text: 'What is the first line of this document?' },
      { type: 'file', file: { filename: 'report.txt', file_data: `data:text/plain;base64,${report.toString('base64')}` } },
    ],
  }],
});
console.log(completion.choices[0].message.content);
