// The model suites: every model of the catalog, on each API, streaming and not, judged by what it answers.
//
//   node __test__/suites/run.mjs [text] [vision] [stop] [--api invoke|converse] [--live] …

import { openBedrock } from '../../scripts/bedrock.mjs';
import { styleFor } from '../../scripts/terminal/style.mjs';
import { allModels } from './models.mjs';
import { USAGE, optionsFrom } from './options.mjs';
import { LEGEND, callsIn, faultsIn, fellBack, reporterFor } from './report.mjs';
import { stop } from './stop.mjs';
import { lanesOf, runSuite } from './suite.mjs';
import { text } from './text.mjs';
import { vision } from './vision.mjs';

const SUITES = { text, vision, stop };

const { stdout } = process;
const style = styleFor(stdout);
const print = (line) => stdout.write(`${line}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`suites: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv) {
  const options = optionsFrom(argv, Object.keys(SUITES));
  if (options.help) {
    stdout.write(USAGE);
    return;
  }
  const models = (await allModels()).filter(({ name }) => options.model.test(name));
  if (models.length === 0) throw new Error(`--model: no name matches ${options.model.source}`);
  const bedrock = await openBedrock({ live: options.live });
  const faults = [];
  let calls = 0;
  try {
    for (const name of options.suites) {
      for await (const result of suiteOn(SUITES[name], models.filter(SUITES[name].of), bedrock, options)) {
        calls += callsIn(result);
        faults.push(...faultsIn(result).map((fault) => ({ suite: name, model: result.model, ...fault })));
      }
    }
  } finally {
    await bedrock.close();
  }
  for (const { suite, model, lane, case: name, fault } of faults) print(style.red(`✗ ${suite} · ${model} · ${lane} · ${name}: ${fault}`));
  print(`${calls - faults.length} passed, ${faults.length} failed`);
  if (faults.length > 0 || calls === 0) process.exitCode = 1;
}

/** Prints the suite's table while it runs, and passes the results on. */
async function* suiteOn(suite, models, bedrock, options) {
  const lanes = lanesOf(options.apis);
  print(`${style.bold(suite.title)}: ${models.length} models, ${suite.cases.map(({ name }) => name).join(', ')}, on ${bedrock.place}`);
  if (models.length === 0) return;
  const reporter = reporterFor({ models, lanes, style });
  if (!options.failures) print(reporter.headings());
  const { concurrency, live: isLive } = options;
  let needsLegend = false;
  for await (const result of runSuite(suite, { bedrock, models, lanes, concurrency, isLive })) {
    if (!options.failures || faultsIn(result).length > 0) {
      print(reporter.row(result));
      needsLegend ||= fellBack(result);
    }
    yield result;
  }
  print(needsLegend ? `${style.dim(LEGEND)}\n` : '');
}
