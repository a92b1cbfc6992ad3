#!/usr/bin/env node
'use strict';
// The terminal of the command line, which is `src/cli`: prints what it says, passes signals on, exits as it says.

const { nativeHub, news } = require('./hub.js');

const ENDING = ['SIGINT', 'SIGTERM'];

async function main() {
  const stream = nativeHub().cli(process.argv.slice(2));
  const close = () => {
    // A second signal does what it does to any process: it ends this one at once.
    for (const signal of ENDING) process.off(signal, close);
    stream.close();
  };
  for (const signal of ENDING) process.on(signal, close);
  for (;;) {
    const told = stream.poll();
    if (told === null) await news(stream.id);
    else if (told.length === 0) break;
    else [told].flat().forEach((line) => print(JSON.parse(line), stream));
  }
  process.exitCode = stream.outcome();
}

function print({ out = '', err = '', reloads = false }, stream) {
  if (reloads && process.platform !== 'win32') process.on('SIGHUP', () => stream.order('reload'));
  process.stdout.write(out);
  process.stderr.write(err);
}

main();
