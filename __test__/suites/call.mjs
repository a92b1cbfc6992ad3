// One call of a case, read to its end and judged.

import { bedrockWrapper } from 'bedrock-wrapper';

/**
 * @returns {Promise<{text: string, ms: number, fault?: string, fellBack: boolean}>} `fault`: what is wrong, an error's
 *   text or the judge's; `fellBack`: the call went another way than asked, because the model has not that way
 */
export async function call({ creds, isLive, model, api, stream, one }) {
  const start = performance.now();
  let text = '';
  let fault;
  let fellBack = false;
  try {
    const answer = bedrockWrapper(creds, { model: model.name, stream, ...one.request }, { useConverseAPI: api === 'converse' });
    for await (const piece of answer) text += piece;
    const [usage, stopReason, warnings] = await Promise.all([answer.usage, answer.stopReason, answer.warnings]);
    fellBack = warnings.some(({ code }) => code === 'fallback');
    const wrong = one.judge({ text, usage, stopReason, isLive }, model);
    if (wrong !== undefined) fault = `${wrong}: ${JSON.stringify(text)}`;
  } catch (error) {
    fault = `${error.name}: ${error.message}`;
  }
  return { text, ms: performance.now() - start, fault, fellBack };
}
