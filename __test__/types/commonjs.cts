// The types as a CommonJS program sees them. Compiled, never run.

import wrapper = require('bedrock-wrapper');

async function main(): Promise<string> {
  const answer: wrapper.Answer = wrapper.bedrockWrapper({ baseURL: 'http://localhost:1' }, { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Hi' }] });
  let text = '';
  for await (const piece of answer) text += piece;
  const [first]: string[] = await wrapper.listBedrockWrapperSupportedModels();
  if (text === first) throw new Error(wrapper.BedrockWrapperError.name);
  const bedrock: wrapper.Bedrock = new wrapper.Bedrock({ region: 'us-west-2', profile: 'work' });
  const completion: wrapper.ChatCompletion = await bedrock.chat.completions.create({ model: 'Nova-Micro', messages: [] });
  return text + completion.id;
}

// @ts-expect-error a CommonJS program has no default export
wrapper.default;

void main();
