// The table of models in docs/models.md, made of src/catalog/models.json: one table for each provider, a row for each id.

import { readFileSync } from 'node:fs';

const CATALOG = new URL('../../src/catalog/models.json', import.meta.url);

const PROVIDERS = {
  ai21: 'AI21 Labs',
  amazon: 'Amazon',
  anthropic: 'Anthropic',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  google: 'Google',
  luma: 'Luma AI',
  meta: 'Meta',
  minimax: 'MiniMax',
  mistral: 'Mistral AI',
  moonshot: 'Moonshot AI (`moonshot.`)',
  moonshotai: 'Moonshot AI (`moonshotai.`)',
  nvidia: 'NVIDIA',
  openai: 'OpenAI',
  qwen: 'Qwen',
  stability: 'Stability AI',
  twelvelabs: 'TwelveLabs',
  writer: 'Writer',
  xai: 'xAI',
  zai: 'Z.AI',
};

const COLUMNS = '| names | id | images | most tokens | stop sequences | InvokeModel body | remarks |\n| --- | --- | --- | ---: | --- | --- | --- |';

/** The tables as Markdown. */
export function modelTables() {
  const { models, names } = JSON.parse(readFileSync(CATALOG, 'utf8'));
  const texts = models.filter(({ kind = 'text' }) => kind === 'text');
  const providers = [...new Set(texts.map(({ id }) => providerOf(id)))];
  const tables = providers.map((provider) => {
    const rows = texts.filter(({ id }) => providerOf(id) === provider).map((model) => row(model, names));
    return `### ${titleOf(provider)}\n\n${COLUMNS}\n${rows.join('\n')}`;
  });
  return tables.join('\n\n');
}

function providerOf(id) {
  return id.split('.')[0];
}

function titleOf(provider) {
  const title = PROVIDERS[provider];
  if (title === undefined) throw new Error(`Add the provider ${provider} to PROVIDERS in scripts/docs/models-table.mjs.`);
  return title;
}

function row(model, names) {
  const called = names.filter(({ id }) => withoutGeography(id, model.id));
  const sent = [...new Set([...called.map(({ id }) => id), ...(called.length === 0 ? [model.id] : [])])];
  const cells = [
    called.map(({ name }) => `\`${name}\``).join(', ') || '—',
    sent.map((id) => `\`${id}\``).join(', '),
    model.vision ? 'yes' : 'no',
    model.max_output?.toLocaleString('en') ?? 'not known',
    stop(model.stop ?? {}),
    model.invoke === 'converse_only' || model.family === undefined ? 'Converse is used' : `\`${model.family}\``,
    remarks(model).join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Whether `id` is `base`, with or without a geography in front. */
function withoutGeography(id, base) {
  return id === base || (id.endsWith(`.${base}`) && !id.slice(0, -base.length - 1).includes('.'));
}

function stop({ limit, converse = 'native', invoke = 'native' }) {
  const here = [...(converse === 'native' ? [] : ['Converse']), ...(invoke === 'native' ? [] : ['InvokeModel'])];
  const most = limit === undefined ? '' : `${limit.toLocaleString('en')}`;
  if (here.length === 0) return most || 'yes';
  return `${most ? `${most}; ` : ''}cut on our side on ${here.join(' and ')}`;
}

const SAMPLING = { either: '`temperature` or `top_p`', neither: 'neither `temperature` nor `top_p`' };

function remarks(model) {
  const said = [];
  if (model.end_of_life) said.push(`end of life ${model.end_of_life}`);
  else if (model.status === 'end_of_life') said.push('end of life');
  if (model.endpoint === 'mantle') said.push('AWS serves it on `bedrock-mantle` only');
  if (model.requires_profile) said.push('through an inference profile only');
  if (model.invoke_stream === 'unsupported') said.push('no stream on InvokeModel');
  if (model.sampling) said.push(SAMPLING[model.sampling]);
  if (model.system === false) said.push('no system prompt on Converse');
  if (model.prefill === false) said.push('continues no assistant message');
  return said;
}
