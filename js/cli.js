#!/usr/bin/env node
'use strict';
// The terminal of the command line, which is `src/cli`: prints what it says, closes it on a signal, exits as it says.

const { nativeHub, news } = require('./hub.js');

async function main() {
  const stream = nativeHub().cli(process.argv.slice(2));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stream.close());
  for (;;) {
    const told = stream.poll();
    if (told === null) await news(stream.id);
    else if (told.length === 0) break;
    else [told].flat().forEach(print);
  }
  process.exitCode = stream.outcome();
}

function print(line) {
  const { out = '', err = '' } = JSON.parse(line);
  process.stdout.write(out);
  process.stderr.write(err);
}

main();
