'use strict';
// Anthropic's own tools, as `tools` of a provider: what `@ai-sdk/anthropic` 4.0.68 calls by the same names.

/** Members of a tool that are the program's; all others of what it gives configure the tool, as its `args`. */
const HANDLERS = ['execute', 'outputSchema', 'needsApproval', 'toModelOutput', 'onInputStart', 'onInputDelta', 'onInputAvailable'];

/**
 * By name, of which the id is made: what a tool takes and gives, see tool-schemas.js. Those that give something run at the
 * service, the others in the program.
 * `isDeferred`: the result may come in a later turn. `isCaller`: code that runs there may call other tools.
 */
const TOOLS = {
  advisor_20260301: { input: 'advisor', output: 'advice', isDeferred: true },
  bash_20241022: { input: 'bash', execute: runInSandbox },
  bash_20250124: { input: 'bash', execute: runInSandbox },
  codeExecution_20250522: { input: 'code', output: 'code' },
  codeExecution_20250825: { input: 'codeExecution', output: 'codeExecution', isDeferred: true, isCaller: true },
  codeExecution_20260120: { input: 'codeExecution', output: 'codeExecutionEncrypted', isDeferred: true, isCaller: true },
  computer_20241022: { input: 'computer_20241022' },
  computer_20250124: { input: 'computer_20250124' },
  computer_20251124: { input: 'computer_20251124' },
  computerToolset_20260801: { input: 'computerToolset' },
  memory_20250818: { input: 'memory' },
  textEditor_20241022: { input: 'editorWithUndo' },
  textEditor_20250124: { input: 'editorWithUndo' },
  textEditor_20250429: { input: 'editor' },
  textEditor_20250728: { input: 'editor' },
  toolSearchBm25_20251119: { input: 'searchByQuery', output: 'tools', isDeferred: true },
  toolSearchRegex_20251119: { input: 'searchByPattern', output: 'tools', isDeferred: true },
  webFetch_20250910: { input: 'url', output: 'fetched', isDeferred: true },
  webFetch_20260209: { input: 'url', output: 'fetched', isDeferred: true },
  webFetch_20260318: { input: 'url', output: 'fetched', isDeferred: true },
  webSearch_20250305: { input: 'webSearch', output: 'found', isDeferred: true },
  webSearch_20260209: { input: 'webSearch', output: 'found', isDeferred: true },
  webSearch_20260318: { input: 'webSearch', output: 'found', isDeferred: true },
};

const tools = Object.fromEntries(Object.entries(TOOLS).map(([name, row]) => [name, (options) => toolOf(name, row, options)]));

/** A tool as `tool()` of the AI SDK makes it. */
function toolOf(name, { input, output, execute, isDeferred, isCaller }, options) {
  const { schemaOf } = require('./schema.js');
  const { inputs, outputs } = require('./tool-schemas.js');
  const ownName = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const tool = {
    type: 'provider',
    isProviderExecuted: output !== undefined,
    id: `anthropic.${ownName}`,
    args: {},
    inputSchema: schemaOf(inputs[input]),
    ...(output && { outputSchema: schemaOf(outputs[output]) }),
    ...(execute && { execute }),
    ...(isDeferred && { supportsDeferredResults: true }),
  };
  for (const [member, value] of Object.entries(options ?? {})) {
    if (!HANDLERS.includes(member)) tool.args[member] = value;
    // With `execute: null` the program runs the tool itself, after the answer.
    else if (value === null) delete tool[member];
    else if (value !== undefined) tool[member] = value;
  }
  return isCaller ? Object.defineProperty(tool, 'experimental_toolCaller', { value: callerOf(ownName) }) : tool;
}

async function runInSandbox({ command }, { abortSignal, experimental_sandbox: sandbox }) {
  if (!sandbox) throw new Error('Sandbox session is not available: give `experimental_sandbox`, or the tool a function `execute`.');
  return sandbox.run({ command, abortSignal });
}

/** Lets code that runs at the service call a tool, beside whoever may already. */
function callerOf(caller) {
  return {
    type: 'provider',
    prepareProviderOptions: (providerOptions) => {
      const anthropic = providerOptions?.anthropic;
      const allowedCallers = [...new Set([...(anthropic?.allowedCallers ?? []), caller])];
      return { ...providerOptions, anthropic: { ...anthropic, allowedCallers } };
    },
  };
}

module.exports = { tools };
