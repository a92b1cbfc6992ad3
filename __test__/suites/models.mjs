// The models that the suites call: every name, with what the catalog says it can do.

import { readFile } from 'node:fs/promises';
import { listBedrockWrapperSupportedModels } from 'bedrock-wrapper';

const CATALOG = new URL('../../src/catalog/models.json', import.meta.url);

/** @returns {Promise<{name: string, vision: boolean, thinks: boolean, shows: boolean}[]>} in the order of the list */
export async function allModels() {
  const names = (await listBedrockWrapperSupportedModels()).map((model) => JSON.parse(model));
  const catalog = JSON.parse(await readFile(CATALOG, 'utf8'));
  return names.map(({ modelName, modelId }) => describe(modelName, modelId, catalog));
}

/** `thinks`: it may think before it answers; `shows`: the name stands for a model whose thinking is shown when asked for. */
function describe(name, id, { models, names }) {
  const { thinking = false, keep_reasoning: kept = false } = names.find((entry) => entry.name === name);
  const { vision = false, reasoning = 'none' } = models.find((model) => id === model.id || id.endsWith(`.${model.id}`));
  return { name, vision, thinks: thinking || reasoning !== 'none', shows: thinking || kept };
}
