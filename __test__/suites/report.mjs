// The table of a suite, line by line as the models finish, and what failed.

import { shortened } from '../../scripts/terminal/table.mjs';

const ANSWER_LENGTH = 44;
const CELL_LENGTH = 16;

/** @param {{models: {name: string}[], lanes: {name: string}[], style: object}} table */
export function reporterFor({ models, lanes, style }) {
  const width = Math.max(...models.map(({ name }) => name.length), 'model'.length);
  return {
    headings: () => {
      const cells = lanes.map(({ name }) => name.padEnd(CELL_LENGTH));
      return style.bold(['model'.padEnd(width), ...cells, 'first answer'].join('  '));
    },
    row: ({ model, cells }) => {
      const answer = shortened(cells[0].calls[0].text, ANSWER_LENGTH);
      return [model.padEnd(width), ...cells.map((cell) => cellText(cell, style)), answer].join('  ');
    },
  };
}

export const faultsIn = ({ cells }) => cells.flatMap(({ lane, calls }) => calls.filter(({ fault }) => fault).map((each) => ({ lane, ...each })));

export const callsIn = ({ cells }) => cells.reduce((sum, { calls }) => sum + calls.length, 0);

export const LEGEND = '↷ the model has not this API or mode: the call went another way, and a warning said so';

export const fellBack = ({ cells }) => cells.some(({ calls }) => calls.some((each) => each.fellBack));

/** `✓ 4/4    12 ms`: cases that passed, and the mean time of a call. */
function cellText({ calls }, style) {
  const passed = calls.filter(({ fault }) => fault === undefined).length;
  const ms = Math.round(calls.reduce((sum, each) => sum + each.ms, 0) / calls.length);
  const isGood = passed === calls.length;
  const way = calls.some(({ fellBack }) => fellBack) ? ' ↷' : '';
  const text = `${isGood ? '✓' : '✗'} ${passed}/${calls.length} ${String(ms).padStart(5)} ms${way}`.padEnd(CELL_LENGTH);
  return isGood ? style.green(text) : style.red(text);
}
