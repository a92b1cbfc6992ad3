// `npm run interactive`: choose a model, talk to it, on a local Bedrock or on AWS.

import { listBedrockWrapperSupportedModels } from 'bedrock-wrapper';
import { WATCHABLE, openBedrock } from './bedrock.mjs';
import { Chat } from './interactive/chat.mjs';
import { USAGE, optionsFrom } from './interactive/options.mjs';
import { Terminal } from './interactive/terminal.mjs';
import { styleFor } from './terminal/style.mjs';

const APIS = ['converse', 'invoke'];

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`interactive: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv) {
  const options = optionsFrom(argv);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const style = styleFor(process.stdout);
  const bedrock = await openBedrock({ live: options.live, delays: WATCHABLE });
  const terminal = new Terminal(process.stdin, process.stdout);
  try {
    const names = (await listBedrockWrapperSupportedModels()).map((model) => JSON.parse(model).modelName);
    const chooseModel = () => terminal.choose('Model', names);
    const model = options.model ?? (await chooseModel());
    const api = model && (options.api ?? (await terminal.choose('API', APIS)));
    if (!api) return;
    terminal.write(style.dim(`${model} through ${api} on ${bedrock.place}. /help tells more.\n`));
    await new Chat({ terminal, creds: bedrock.creds, style, choice: { model, api }, chooseModel }).run();
    terminal.write('\n');
  } finally {
    terminal.close();
    await bedrock.close();
  }
}
