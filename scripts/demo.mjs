// `npm run demo`: streams answers to the terminal through the whole real path, and ends with a table of what they took.

import { BedrockWrapperError } from 'bedrock-wrapper';
import { WATCHABLE, openBedrock } from './bedrock.mjs';
import { ask } from './demo/ask.mjs';
import { USAGE, optionsFrom } from './demo/options.mjs';
import { scenesFor } from './demo/scenes.mjs';
import { styleFor } from './terminal/style.mjs';
import { columns } from './terminal/table.mjs';

const HEADINGS = ['model', 'API', 'first chunk', 'chunks', 'chunks/s', 'tokens in', 'tokens out'];

const { stdout } = process;
const style = styleFor(stdout);

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isExplained = BedrockWrapperError.isInstance(error) || error.code?.startsWith('ERR_PARSE_ARGS') || error.constructor === Error;
  if (!isExplained) throw error;
  process.stderr.write(`\ndemo: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv) {
  const options = optionsFrom(argv);
  if (options.help) {
    stdout.write(USAGE);
    return;
  }
  const bedrock = await openBedrock({ live: options.live, delays: WATCHABLE });
  try {
    stdout.write(style.dim(`bedrock-wrapper → aws-sdk-bedrockruntime (Rust) → HTTP → ${bedrock.place}\n`));
    const rows = [];
    for (const scene of scenesFor(options)) rows.push(await play(bedrock, scene));
    const [headings, ...lines] = columns([HEADINGS, ...rows], { right: [2, 3, 4, 5, 6] });
    stdout.write(`\n${style.bold(headings)}\n${lines.join('\n')}\n`);
    if (!options.live) stdout.write(style.dim('\nThe answers are a small local model\'s. With AWS credentials: npm run demo -- --live\n'));
  } finally {
    await bedrock.close();
  }
}

async function play(bedrock, scene) {
  stdout.write(`\n${style.bold(scene.title)}\n${style.cyan(`> ${scene.prompt}`)}\n`);
  const { first, chunks, perSecond, usage, warnings } = await ask(bedrock.creds, scene, (text) => stdout.write(text));
  stdout.write('\n');
  for (const { message } of warnings) stdout.write(style.yellow(`Warning: ${message}\n`));
  return [
    scene.model,
    scene.api,
    first === undefined ? '-' : `${Math.round(first)} ms`,
    String(chunks),
    perSecond === undefined ? '-' : perSecond.toFixed(0),
    String(usage?.inputTokens ?? '-'),
    String(usage?.outputTokens ?? '-'),
  ];
}
