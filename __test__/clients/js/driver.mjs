// The loop of a judge: one job a line on standard input, one outcome a line on standard output.
//
// A verb is an async generator over what its client gave: pieces of text, which are joined, and objects, which are
// merged into the outcome. What it throws ends the outcome, beside what came before it.

import { createInterface } from 'node:readline';

/** Answers jobs with `verbs`, functions by name, until standard input ends. */
export async function serve(verbs) {
  tell({ verbs: Object.keys(verbs) });
  for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line);
    tell(await outcomeOf(verbs[job.verb], job));
  }
  // Clients that keep connections open keep the process alive.
  process.exit();
}

/** The usage that a client reports, as the runner reads it. */
export function tokens(given, told) {
  return { tokens: [given, told] };
}

async function outcomeOf(verb, job) {
  const outcome = {};
  try {
    for await (const part of verb(job)) {
      if (typeof part === 'string') outcome.text = (outcome.text ?? '') + part;
      else Object.assign(outcome, part);
    }
  } catch (error) {
    outcome.error = { class: classOf(error), message: String(error?.message ?? error) };
  }
  return outcome;
}

/** The name that a program would look at, and the code of errors that are Node's own. */
function classOf(error) {
  if (!(error instanceof Error)) return error?.constructor?.name ?? String(error);
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  return name === 'Error' && error.code ? `${name}(${error.code})` : name;
}

function tell(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
