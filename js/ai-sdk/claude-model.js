'use strict';
// A model of `@ai-sdk/anthropic` as Claude is on Bedrock: no URLs as files, and not every model holds to schemas.

/** What Bedrock may refuse of a request's form, by its text, and the same request without it. */
const REMEDIES = [
  {
    isMeant: /output_config|output_format/,
    applies: ({ responseFormat, providerOptions }) => responseFormat?.schema !== undefined && modeOf(providerOptions) === 'auto',
    change: (options) => ({ ...options, providerOptions: { ...options.providerOptions, anthropic: { ...options.providerOptions?.anthropic, structuredOutputMode: 'jsonTool' } } }),
  },
  {
    isMeant: /\bstrict\b/,
    applies: ({ tools }) => tools?.some(isStrict) === true,
    change: (options) => ({ ...options, tools: options.tools.map(({ strict, ...tool }) => tool) }),
    warning: { type: 'unsupported', feature: 'strict', details: 'Bedrock does not hold tools of this model to their schemas; strict was left out.' },
  },
];

/**
 * The same model, for Bedrock: `ai` fetches what URLs point at, and a request whose form is refused is made again in another
 * that is taken, which is remembered.
 * @template T
 * @param {T} model
 * @param {Set<object>} refused what was refused before of this model
 * @returns {T}
 */
function onBedrock(model, refused) {
  Object.defineProperty(model, 'supportedUrls', { value: {} });
  for (const name of ['doGenerate', 'doStream']) {
    const call = model[name].bind(model);
    Object.defineProperty(model, name, { value: (options) => made(call, options, refused) });
  }
  return model;
}

async function made(call, options, refused) {
  const needed = REMEDIES.filter((remedy) => remedy.applies(options));
  for (;;) {
    const applied = needed.filter((remedy) => refused.has(remedy));
    try {
      return warned(await call(applied.reduce((options, { change }) => change(options), options)), applied);
    } catch (error) {
      const remedy = error.statusCode === 400 && needed.find((remedy) => !refused.has(remedy) && remedy.isMeant.test(error.message));
      if (!remedy) throw error;
      refused.add(remedy);
    }
  }
}

/** The result with what was left out among its warnings; those of a stream are in its first part. */
function warned(result, applied) {
  const warnings = applied.map(({ warning }) => warning).filter((warning) => warning !== undefined);
  if (warnings.length === 0) return result;
  if (result.stream === undefined) return { ...result, warnings: [...result.warnings, ...warnings] };
  const add = (part) => (part.type === 'stream-start' ? { ...part, warnings: [...part.warnings, ...warnings] } : part);
  return { ...result, stream: result.stream.pipeThrough(new TransformStream({ transform: (part, controller) => controller.enqueue(add(part)) })) };
}

function isStrict(tool) {
  return tool.strict !== undefined && tool.strict !== null;
}

function modeOf(providerOptions) {
  return providerOptions?.bedrock?.structuredOutputMode ?? providerOptions?.anthropic?.structuredOutputMode ?? 'auto';
}

module.exports = { onBedrock };
