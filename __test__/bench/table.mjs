// Figures about one of our servers -> its table in docs/performance.md. Pure text, no I/O.

import { median } from './statistics.mjs';

const ALIGNMENT = ['---', '---', '---:', '---:', '---:', '---:', '---:', '---'];

/**
 * One row and the figures of its runs, `{subject, yardstick?}`, with what they amount to: a row with the target `ratio` is
 * judged by the ratio of both, one with the target `absolute` by its own figure, one without a target not at all; one that
 * is `compared` has a ratio all the same.
 */
export function rowOf({ id, what, unit, ratio, absolute, compared = false }, runs) {
  const subject = summary(runs.map((run) => run.subject));
  const yardstick = runs[0].yardstick === undefined ? null : summary(runs.map((run) => run.yardstick));
  const target = ratio ?? absolute ?? null;
  const isRatio = compared || ratio !== undefined;
  const value = isRatio ? subject.median / yardstick.median : subject.median;
  const reaches = (level) => (target.better === 'higher' ? value >= target[level] : value <= target[level]);
  const verdict = target ? (['aim', 'must'].find(reaches) ?? 'missed') : '';
  return { id, what, unit, subject, yardstick, ratio: isRatio ? value : null, target, verdict };
}

/** The table as Markdown; `sides` are the headings of the two columns with figures. */
export function markdown(about, rows, sides) {
  const lines = rows.map(({ id, what, unit, subject, yardstick, ratio, target, verdict }) => {
    const sign = target?.better === 'higher' ? '≥' : '≤';
    const limit = (level) => target && `${sign} ${target[level].toLocaleString('en')}${ratio === null && unit !== '/s' ? withSpace(unit) : ''}`;
    return [
      id, what, figure(subject, unit), yardstick ? figure(yardstick, unit) : '', ratio === null ? '' : `**${ratio.toFixed(2)}**`,
      limit('must') ?? '', limit('aim') ?? '', verdict === 'missed' ? '**missed**' : verdict,
    ];
  });
  const table = [['', 'what', ...sides, 'ratio', 'must', 'aim', 'reached'], ALIGNMENT, ...lines];
  return `${about.join('  \n')}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** `page` with the table of `product` between its two marks. */
export function withTable(page, product, table) {
  const opening = `<!-- bench of the ${product}: made by npm run bench -- --markdown -->`;
  const closing = `<!-- /bench of the ${product} -->`;
  const begin = page.indexOf(opening);
  const end = page.indexOf(closing);
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has lost its marks ${opening} and ${closing}`);
  return `${page.slice(0, begin + opening.length)}\n\n${table}\n${page.slice(end)}`;
}

function summary(runs) {
  return { median: median(runs), min: Math.min(...runs), max: Math.max(...runs), runs };
}

function figure({ median: middle, min, max, runs }, unit) {
  const spread = runs.length > 1 ? ` (${number(min)}–${number(max)})` : '';
  return `${number(middle)}${unit === '/s' ? '' : withSpace(unit)}${spread}`;
}

function withSpace(unit) {
  return unit && ` ${unit}`;
}

/** Three significant digits, thousands set apart. */
function number(value) {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
