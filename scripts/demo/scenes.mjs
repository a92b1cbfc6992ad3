// What the demo shows: one streamed answer first, then thinking and an image.

const PICTURE = new URL('../../__test__/fixtures/images/rgb-64x48.png', import.meta.url);

const SCENES = [
  { title: 'A streamed answer', model: 'Claude-4-5-Sonnet', api: 'invoke', prompt: 'Tell me a story of 59 words.' },
  {
    title: 'Thinking, shown because include_thinking_data is set',
    model: 'Claude-4-5-Sonnet-Thinking',
    api: 'converse',
    prompt: 'What is 15 * 23?',
    more: { include_thinking_data: true },
  },
  { title: 'An image', model: 'Nova-Lite', api: 'converse', prompt: 'What is in this image?', image: PICTURE },
];

/** All of them; one only when the caller chose the model or the question. */
export function scenesFor({ model, prompt, api }) {
  const chosen = model || prompt ? SCENES.slice(0, 1) : SCENES;
  return chosen.map((scene) => ({
    ...scene,
    model: model ?? scene.model,
    prompt: prompt ?? scene.prompt,
    api: api ?? scene.api,
  }));
}
