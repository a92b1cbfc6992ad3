// Figures about the simulator -> its table in docs/performance.md. Pure text, no I/O.

import { median } from '../statistics.mjs';

const BEGIN = '<!-- bench of the simulator: made by npm run bench -- --markdown -->';
const END = '<!-- /bench of the simulator -->';
const ALIGNMENT = ['---', '---', '---:', '---:', '---:', '---:', '---:', '---'];

/** One row of a scenario and the figures of its runs, `{subject, yardstick?}`, with what they amount to. */
export function rowOf({ id, what, unit, ratio, absolute }, runs) {
  const subject = summary(runs.map((run) => run.subject));
  const yardstick = ratio ? summary(runs.map((run) => run.yardstick)) : null;
  const target = ratio ?? absolute;
  const value = yardstick ? subject.median / yardstick.median : subject.median;
  const reaches = (level) => (target.better === 'higher' ? value >= target[level] : value <= target[level]);
  const verdict = ['aim', 'must'].find(reaches) ?? 'missed';
  return { id, what, unit, subject, yardstick, ratio: yardstick ? value : null, target, verdict };
}

/** The table as Markdown. */
export function markdown(about, rows) {
  const lines = rows.map(({ id, what, unit, subject, yardstick, ratio, target, verdict }) => {
    const sign = target.better === 'higher' ? '≥' : '≤';
    const limit = (level) => `${sign} ${target[level].toLocaleString('en')}${ratio === null && unit !== '/s' ? ` ${unit}` : ''}`;
    return [
      id, what, figure(subject, unit), yardstick ? figure(yardstick, unit) : '', ratio === null ? '' : `**${ratio.toFixed(2)}**`,
      limit('must'), limit('aim'), verdict === 'missed' ? '**missed**' : verdict,
    ];
  });
  const table = [['', 'what', 'simulator', 'bare hyper', 'ratio', 'must', 'aim', 'reached'], ALIGNMENT, ...lines];
  return `${about.join('  \n')}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** `page` with the table between its two marks. */
export function withTable(page, table) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has lost its marks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n${page.slice(end)}`;
}

function summary(runs) {
  return { median: median(runs), min: Math.min(...runs), max: Math.max(...runs), runs };
}

function figure({ median: middle, min, max, runs }, unit) {
  const spread = runs.length > 1 ? ` (${number(min)}–${number(max)})` : '';
  return `${number(middle)}${unit === '/s' ? '' : ` ${unit}`}${spread}`;
}

/** Three significant digits, thousands set apart. */
function number(value) {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
