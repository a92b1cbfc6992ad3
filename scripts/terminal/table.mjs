// Text in columns. Cells are plain text; colours are put on afterwards, where they cannot disturb the widths.

/** Lines with two spaces between columns; `right` names the columns that are aligned to the right. */
export function columns(rows, { right = [] } = {}) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map((row) => {
    const cells = row.map((cell, at) => (right.includes(at) ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    return cells.join('  ').trimEnd();
  });
}

/** `text` on one line and at most `length` characters long, with an ellipsis where something was left out. */
export function shortened(text, length) {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
