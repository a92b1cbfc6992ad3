// Figures of both sides -> rows, a Markdown table, and the table's place in docs/performance.md. Pure text, no I/O.

import { median } from './statistics.mjs';

const BEGIN = '<!-- bench: made by npm run bench -- --markdown -->';
const END = '<!-- /bench -->';
const NAMES = { ours: 'bedrock-wrapper', sdk: 'AWS SDK for JS' };

/** One row per measure. `runs` holds, for each side, the figures of every run in the order in which they were made. */
export function rowsOf(scenario, variant, runs) {
  return scenario.measures.map((measure) => {
    const [subject, yardstick] = runs.map((side) => summary(side.map((figures) => figures[measure.key] * (measure.scale ?? 1))));
    const ratio = subject.median / yardstick.median;
    const goal = typeof measure.ratio === 'function' ? measure.ratio(variant) : measure.ratio;
    const variantName = scenario.variants.length > 1 ? `, ${variant.name}` : '';
    const what = measure.what === measure.unit || measure.key === 'connections' ? '' : `: ${measure.what}`;
    return {
      id: scenario.id,
      what: `${scenario.title}${variantName}${what}`,
      unit: measure.unit,
      subject,
      yardstick,
      ratio: measure.absolute ? null : ratio,
      target: measure.absolute ? { kind: 'absolute', ...measure.absolute } : goal ? { kind: 'ratio', ...goal } : null,
      verdict: verdict(measure.absolute ? subject.median : ratio, measure.absolute ?? goal),
    };
  });
}

/** The row of the add-on's size, which only one side has. */
export function addonRow(bytes) {
  const size = bytes / 1e6;
  const target = { must: 12, aim: 9 };
  return {
    id: 'S9',
    what: 'add-on binary, stripped',
    unit: 'MB',
    subject: summary([size]),
    yardstick: null,
    ratio: null,
    target: { kind: 'absolute', ...target },
    verdict: verdict(size, target),
  };
}

/** The whole report as Markdown: where it was made, and the table. */
export function markdown({ about, rows, clients }) {
  const [subject, yardstick] = clients.map((name) => NAMES[name] ?? name);
  const lines = rows.map((row) => [
    row.id, row.what, figure(row.subject, row.unit), row.yardstick ? figure(row.yardstick, row.unit) : '',
    row.ratio === null ? '' : `**${row.ratio.toFixed(3)}**`, limit(row.target, 'must', row.unit), limit(row.target, 'aim', row.unit), row.verdict,
  ]);
  const table = [['', 'what', subject, yardstick, 'ratio', 'must', 'aim', ''], ['---', '---', '---:', '---:', '---:', '---:', '---:', '---'], ...lines];
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

function verdict(value, target) {
  if (!target) return '';
  if (value <= target.aim) return 'aim';
  return value <= target.must ? 'must' : '**missed**';
}

function figure({ median: middle, min, max, runs }, unit) {
  const spread = runs.length > 1 ? ` (${number(min)}–${number(max)})` : '';
  return `${number(middle)}${unit && ` ${unit}`}${spread}`;
}

function limit(target, level, unit) {
  if (!target) return '';
  return `≤ ${target[level]}${target.kind === 'absolute' && unit ? ` ${unit}` : ''}`;
}

/** Three significant digits, whole numbers as they are. */
function number(value) {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
