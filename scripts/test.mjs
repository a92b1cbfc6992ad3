// `npm test`: everything, one step after the other, and what came of it. `npm test -- rust specs` runs some of it; the
// clients are run by `npm run test:clients` only.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { styleFor } from './terminal/style.mjs';
import { columns } from './terminal/table.mjs';
import { countsOf } from './test/counts.mjs';
import { ROOT, STEPS } from './test/steps.mjs';

const style = styleFor(process.stdout);
const print = (line) => process.stdout.write(`${line}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`test: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(wanted) {
  const results = [];
  for (const step of chosen(wanted)) results.push(await run(step));
  print('');
  const rows = results.map(({ step, passed, failed, seconds }) => [step.name, String(passed), String(failed), `${seconds.toFixed(0)} s`]);
  const [headings, ...lines] = columns([['step', 'passed', 'failed', 'time'], ...rows], { right: [1, 2, 3] });
  print(style.bold(headings));
  lines.forEach((line, at) => print(results[at].failed > 0 ? style.red(line) : line));
  const total = (member) => results.reduce((sum, result) => sum + result[member], 0);
  print(`\n${total('passed')} passed, ${total('failed')} failed`);
  if (total('failed') > 0) process.exitCode = 1;
}

function chosen(wanted) {
  const groups = new Set(STEPS.map(({ group }) => group));
  const unknown = wanted.find((name) => !groups.has(name));
  if (unknown !== undefined) throw new Error(`nothing is called ${unknown}; there are ${[...groups].join(', ')}`);
  const steps = STEPS.filter(({ group, onRequest }) => (wanted.length === 0 ? !onRequest : wanted.includes(group)));
  return steps.filter(({ name, needs }) => {
    if (!needs || spawnSync(needs[0], needs.slice(1), { cwd: ROOT, stdio: 'ignore' }).status === 0) return true;
    print(style.yellow(`${name}: left out, because "${needs.join(' ')}" does not work on this machine`));
    return false;
  });
}

async function run(step) {
  print(style.bold(`\n== ${step.name}`));
  const start = performance.now();
  const { output, hasSucceeded } = await outcomeOf(step);
  return { step, ...countsOf(step.reader, output, hasSucceeded), seconds: (performance.now() - start) / 1000 };
}

/** Runs the command; what it prints is passed on while it comes. */
async function outcomeOf(step) {
  try {
    const [command, ...args] = await step.command();
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...step.env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    const [status] = await once(child, 'close');
    return { output, hasSucceeded: status === 0 };
  } catch (error) {
    print(style.red(`${step.name}: ${error.message}`));
    return { output: '', hasSucceeded: false };
  }
}
