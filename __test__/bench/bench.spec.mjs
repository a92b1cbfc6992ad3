// The benchmark itself, proved on small numbers: that it runs through, counts right and refuses a client that loses
// text. Never how fast anything is; a slow or busy machine passes too.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CURRENT } from '../../scripts/test/nodes.mjs';
import { crc32 } from './crc32.mjs';
import { frame, wholeStream } from './frames.mjs';
import { optionsFrom } from './options.mjs';
import { runClient, startServer } from './processes.mjs';
import { judged, withReport } from './report.mjs';
import { SCENARIOS, scenarioById } from './scenarios/index.mjs';
import { SCENARIOS as GATEWAY } from './gateway/scenarios.mjs';
import { SCENARIOS as SIMULATOR } from './simulator/scenarios.mjs';
import { median, quantile, slope } from './statistics.mjs';
import { rowOf, withTable } from './table.mjs';

const RECORDED_FRAME =
  '00000090000000523141c8a10b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d7479706507001061' +
  '70706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b2270223a226162636465666768696a6b6c6d6e' +
  '6f70717273222c22726f6c65223a22617373697374616e74227d1176eab0';

test('a frame is byte for byte the one recorded from the service', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(frame('messageStart', '{"p":"abcdefghijklmnopqrs","role":"assistant"}').toString('hex'), RECORDED_FRAME);
});

test('a prepared stream has one HTTP chunk for each event and ends', () => {
  for (const [api, aroundText] of [['converse', 4], ['invoke', 5], ['openai', 3]]) {
    const { body } = wholeStream(api, 10);
    let events = 0;
    let at = 0;
    for (;;) {
      const length = parseInt(body.latin1Slice(at, body.indexOf('\r\n', at)), 16);
      at = body.indexOf('\r\n', at) + 2;
      if (length === 0) break;
      if (api !== 'openai') assert.equal(body.readUInt32BE(at), length, 'the frame fills its HTTP chunk');
      at += length + 2;
      events += 1;
    }
    assert.equal(events, 10 + aroundText);
    assert.equal(at + 2, body.length);
  }
});

test('medians, quantiles and trends', () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([10, 9, 1, 2]), 5.5);
  assert.equal(quantile([0, 100], 0.99), 99);
  assert.equal(slope([[0, 0], [1, 2], [2, 900], [3, 6], [4, 8]]), 2, 'one outlier does not move it');
});

test('a row is judged by its ratio, or by its figure where the target is absolute', () => {
  const row = (value, ratio, kind) => ({ subject: { median: value }, ratio, target: { kind, must: 0.5, aim: 0.1 } });
  assert.equal(judged(row(900, 0.1, 'ratio')).verdict, 'aim');
  assert.equal(judged(row(900, 0.4, 'ratio')).verdict, 'must');
  assert.equal(judged(row(0.4, 0.6, 'ratio')).verdict, 'missed');
  assert.equal(judged(row(0.4, null, 'absolute')).verdict, 'must');
});

test('the command line says what is wrong with it', () => {
  assert.throws(() => optionsFrom(['--only', 'S1,X'], { ids: ['S1'] }), /no scenario X; there are S1/);
  assert.throws(() => optionsFrom(['--quick', '--markdown'], { ids: ['S1'] }), /full run/);
  assert.throws(() => optionsFrom(['--clients', 'sdk'], { ids: ['S1'] }), /two names/);
  assert.throws(() => optionsFrom(['--repeats', '0'], { ids: ['S1'] }), /above 0/);
  assert.deepEqual(optionsFrom(['--only', 's1'], { ids: ['S1', 'S2'] }).only, ['S1']);
  const some = { ids: ['S1', 'S2'], onRequest: ['S2'] };
  assert.deepEqual([[], ['--only', 'S2']].map((argv) => optionsFrom(argv, some).only), [['S1'], ['S2']]);
});

test('the page has a place for the table, and only that is replaced', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  const once = withReport(page, 'first table');
  const twice = withReport(once, 'second table');
  assert.ok(twice.includes('second table') && !twice.includes('first table'));
  assert.equal(withReport(twice, 'first table'), once);
});

test('a client that loses text is refused', async () => {
  const lossy = `export function open() {
    return { request: () => null, stream: async function* () { yield 'too little'; }, close() {} };
  }`;
  const scenario = scenarioById('S1');
  const server = await startServer();
  try {
    const run = runClient({
      clientUrl: `data:text/javascript,${encodeURIComponent(lossy)}`,
      scenario, variant: scenario.variants[0], size: scenario.quick, server,
    });
    await assert.rejects(run, /the server sent 0 characters of text, the client gave 20/);
  } finally {
    server.stop();
  }
});

test('a row about a server is judged in its own direction', () => {
  const verdict = (target, subject, yardstick) => rowOf({ unit: '', ...target }, [{ subject, yardstick }]).verdict;
  const ratio = { must: 0.35, aim: 0.6, better: 'higher' };
  assert.deepEqual([70, 40, 30].map((subject) => verdict({ ratio }, subject, 100)), ['aim', 'must', 'missed']);
  const absolute = { must: 5, aim: 2, better: 'lower' };
  assert.deepEqual([1, 4, 6].map((subject) => verdict({ absolute }, subject)), ['aim', 'must', 'missed']);
  assert.throws(() => withTable('no marks', 'gateway', ''), /lost its marks/);
});

test('a smoke run goes through every scenario with both clients', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-bench-'));
  try {
    const json = join(folder, 'figures.json');
    const argv = [fileURLToPath(new URL('./run.mjs', import.meta.url)), '--quick', '--json', json];
    const printed = execFileSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const { rows, skipped, simulator, gateway } = JSON.parse(readFileSync(json, 'utf8'));
    const mayBeSkipped = SCENARIOS.filter(({ atLeastNode = 0 }) => atLeastNode > CURRENT).map(({ id }) => id);
    assert.deepEqual(skipped.filter((id) => !mayBeSkipped.includes(id)), []);
    const expected = SCENARIOS.map(({ id }) => id).filter((id) => !skipped.includes(id));
    assert.deepEqual([...new Set(rows.map(({ id }) => id))], [...expected, 'A5', 'S9']);
    for (const row of rows) {
      assert.ok(printed.includes(`| ${row.id} | ${row.what} |`), row.what);
      const sides = row.id === 'S9' ? [row.subject] : [row.subject, row.yardstick];
      for (const side of sides) assert.ok(Number.isFinite(side.median), `${row.what}: ${side.median}`);
    }
    if (process.platform === 'linux') {
      assert.deepEqual(simulator.map(({ id }) => id), SIMULATOR.map(({ id }) => id));
      const expected = GATEWAY.filter(({ onRequest }) => !onRequest).flatMap(({ id, rows }) => rows.map(() => id));
      assert.deepEqual(gateway.map(({ id }) => id), expected);
    }
    for (const row of [...simulator, ...gateway]) {
      assert.ok(printed.includes(`| ${row.id} | ${row.what} |`), row.what);
      for (const side of [row.subject, row.yardstick ?? row.subject]) assert.ok(Number.isFinite(side.median), `${row.what}: ${side.median}`);
    }
    assert.ok(simulator.every(({ subject }) => subject.median > 0));
    assert.ok(gateway.filter(({ what }) => what.endsWith(': lost')).every(({ subject }) => subject.median === 0));
    const connections = rows.find(({ id }) => id === 'S8');
    assert.ok(connections.subject.median > 0 && connections.yardstick.median === 16);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
