// Figures of both sides -> rows, a Markdown table, and the table's place in docs/performance.md. Pure text, no I/O.

import { median } from './statistics.mjs';

const BEGIN = '<!-- bench: made by npm run bench -- --markdown -->';
const END = '<!-- /bench -->';
const ALIGNMENT = ['---', '---', '---:', '---:', '---:', '---:', '---:', '---'];
const NAMES = { ours: 'bedrock-wrapper', sdk: 'AWS SDK for JS' };

/** One row per measure. `runs` holds, for each side, the figures of every run in the order in which they were made. */
export function rowsOf(scenario, variant, runs) {
  const name = scenario.variants.length > 1 ? `${scenario.title}, ${variant.name}` : scenario.title;
  return scenario.measures.map((measure) => {
    const figures = (side) => side.map((run) => run[measure.key] * (measure.scale ?? 1));
    const [subject, yardstick] = runs.map((side) => summary(figures(side)));
    const target = targetOf(measure, variant);
    const ratio = target?.kind === 'absolute' ? null : subject.median / yardstick.median;
    const what = measure.what ? `${name}: ${measure.what}` : name;
    return { id: scenario.id, what, unit: measure.unit, subject, yardstick, ratio, target };
  });
}

/** The row of the add-on's size, which only one side has. */
export function addonRow(bytes) {
  return {
    id: 'S9',
    what: 'add-on binary, stripped',
    unit: 'MB',
    subject: summary([bytes / 1e6]),
    yardstick: null,
    ratio: null,
    target: { kind: 'absolute', must: 12, aim: 9 },
  };
}

/** The row of what an installation weighs beside `ai`, in bytes. */
export function installedRow(own, theirs) {
  const [subject, yardstick] = [own, theirs].map((bytes) => summary([bytes / 1e6]));
  return {
    id: 'A5',
    what: 'installed beside ai, with one add-on; @ai-sdk/amazon-bedrock',
    unit: 'MB',
    subject,
    yardstick,
    ratio: subject.median / yardstick.median,
    target: { kind: 'ratio', must: 0.4, aim: 0.3 },
  };
}

/** The row with what its figure amounts to: `aim`, `must`, `missed`, or nothing where there is no target. */
export function judged(row) {
  if (!row.target) return { ...row, verdict: '' };
  const value = row.ratio ?? row.subject.median;
  const reached = ['aim', 'must'].find((level) => value <= row.target[level]);
  return { ...row, verdict: reached ?? 'missed' };
}

/** The whole report as Markdown: where it was made, and the table. Rows that were not judged show no targets. */
export function markdown({ about, rows, clients }) {
  const [subject, yardstick] = clients.map((name) => NAMES[name] ?? name);
  const lines = rows.map((row) => [
    row.id,
    row.what,
    figure(row.subject, row.unit),
    row.yardstick ? figure(row.yardstick, row.unit) : '',
    row.ratio === null ? '' : `**${row.ratio.toFixed(3)}**`,
    limit(row, 'must'),
    limit(row, 'aim'),
    row.verdict === 'missed' ? '**missed**' : (row.verdict ?? ''),
  ]);
  const table = [['', 'what', subject, yardstick, 'ratio', 'must', 'aim', 'reached'], ALIGNMENT, ...lines];
  return `${about.join('  \n')}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** `page` with the report between its two marks. */
export function withReport(page, report) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has lost its marks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${report}\n${page.slice(end)}`;
}

function summary(runs) {
  return { median: median(runs), min: Math.min(...runs), max: Math.max(...runs), runs };
}

function targetOf(measure, variant) {
  if (measure.absolute) return { kind: 'absolute', ...measure.absolute };
  const ratio = typeof measure.ratio === 'function' ? measure.ratio(variant) : measure.ratio;
  return ratio ? { kind: 'ratio', ...ratio } : null;
}

function figure({ median: middle, min, max, runs }, unit) {
  const spread = runs.length > 1 ? ` (${number(min)}–${number(max)})` : '';
  return `${number(middle)}${unit && ` ${unit}`}${spread}`;
}

function limit({ target, unit, verdict }, level) {
  if (!target || !verdict) return '';
  return `≤ ${target[level]}${target.kind === 'absolute' && unit ? ` ${unit}` : ''}`;
}

/** Three significant digits, whole numbers as they are. */
function number(value) {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
