// The tables of `npm run test:clients` fit together; no client is needed for that.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLIENTS, FOLDER } from './clients.mjs';
import { RAISES, raised } from './expectations.mjs';
import { SCENARIOS, isFor } from './scenarios.mjs';

test('every scenario has a name of its own and an outcome', () => {
  const names = SCENARIOS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const scenario of SCENARIOS) assert.ok('answers' in scenario !== 'says' in scenario, scenario.name);
});

test('every error that a client can see has a class, and every class a scenario', () => {
  const failing = SCENARIOS.filter((scenario) => 'says' in scenario);
  for (const scenario of failing) {
    const { name } = scenario;
    for (const client of CLIENTS.filter((client) => isFor(scenario, client))) {
      assert.ok(raised(name, client.name).every((name) => typeof name === 'string'), `${name}: what does ${client.name} raise?`);
    }
  }
  assert.deepEqual(Object.keys(RAISES).filter((name) => !failing.some((scenario) => scenario.name === name)), []);
});

test('every client has a driver, and its packages a version', () => {
  const pinned = ['requirements.txt', 'constraints.txt'].map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  for (const { driver, packages = [] } of CLIENTS) {
    for (const file of driver.filter((part) => /^(js|python)\//.test(part))) assert.ok(existsSync(join(FOLDER, file)), file);
    for (const name of packages) assert.ok(pinned.includes(`\n${name}==`), name);
  }
});
