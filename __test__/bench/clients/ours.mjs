// The package under test, imported as its users import it.

import { Bedrock, bedrockWrapper } from '../../../index.mjs';

/** The client for one process. `request` shapes a question once; `stream` and `call` send it; `embed` makes vectors. */
export function open({ endpoint, api, model, credentials }) {
  const account = { ...credentials, endpoint };
  const options = { useConverseAPI: api === 'converse' };
  return {
    request: (question) => openaiRequest(model, question),
    stream: (request) => bedrockWrapper(account, { ...request, stream: true }, options),
    call: async (request) => {
      let answer = '';
      for await (const text of bedrockWrapper(account, { ...request, stream: false }, options)) answer += text;
      return answer;
    },
    embed: async (input) => {
      const bedrock = new Bedrock({ ...credentials, baseURL: endpoint });
      const { data } = await bedrock.embeddings.create({ model: 'amazon.titan-embed-text-v2:0', input, dimensions: 256 });
      return data.map(({ embedding }) => embedding);
    },
    close: () => {},
  };
}

function openaiRequest(model, { text, images, maxTokens }) {
  const pictures = images.map((bytes) => ({
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}` },
  }));
  const content = pictures.length > 0 ? [{ type: 'text', text }, ...pictures] : text;
  return { model, max_tokens: maxTokens, messages: [{ role: 'user', content }] };
}
