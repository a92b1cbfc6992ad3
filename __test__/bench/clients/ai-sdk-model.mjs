// A language model of a provider for the AI SDK, called as `ai` calls it.

/** The client for one process, of a provider that `create` makes. `fetch` answers in place of the server. */
export function modelOf(create) {
  return ({ endpoint, model: id, credentials, fetch }) => {
    const model = create({ ...credentials, baseURL: endpoint, fetch })(id);
    return {
      request: ({ text, images, maxTokens }) => ({ prompt: promptOf(text, images), maxOutputTokens: maxTokens }),
      objects: async (options) => (await model.doStream(options)).stream,
      textOf: (part) => (part.type === 'text-delta' ? part.delta : ''),
      call: async (options) => (await model.doGenerate(options)).content[0].text,
      close: () => {},
    };
  };
}

function promptOf(text, images) {
  const files = images.map((data) => ({ type: 'file', mediaType: 'image/png', data: { type: 'data', data } }));
  return [{ role: 'user', content: [{ type: 'text', text }, ...files] }];
}
