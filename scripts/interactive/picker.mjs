// Choosing from a long list by typing a part of a name: what each key does and what is seen. No terminal in here.

const ROWS = 10;

export const startPicking = (items) => ({ items, filter: '', at: 0 });

/** The items that the filter leaves: each word of it stands somewhere in the name, case ignored. */
export function matching(items, filter) {
  const words = filter.toLowerCase().split(/\s+/);
  return items.filter((item) => words.every((word) => item.toLowerCase().includes(word)));
}

/** The state after a key, or `{ chosen }`, or `{ left: true }`. Keys are as node:readline names them. */
export function pressed(state, text, { name, ctrl, meta }) {
  const { items, filter, at } = state;
  const found = matching(items, filter);
  if (ctrl && (name === 'c' || name === 'd')) return { left: true };
  if (name === 'return' || name === 'enter') return found.length > 0 ? { chosen: found[at] } : state;
  if (name === 'up') return { ...state, at: Math.max(at - 1, 0) };
  if (name === 'down') return { ...state, at: Math.max(Math.min(at + 1, found.length - 1), 0) };
  if (name === 'backspace') return { items, filter: filter.slice(0, -1), at: 0 };
  if (text && !ctrl && !meta && text >= ' ') return { items, filter: filter + text, at: 0 };
  return state;
}

/** Lines to show: what was typed, and the matches around the marked one. */
export function pickerLines({ items, filter, at }, title) {
  const found = matching(items, filter);
  const from = Math.min(Math.max(at - ROWS + 1, 0), Math.max(found.length - ROWS, 0));
  const shown = found.slice(from, from + ROWS).map((item, row) => `${from + row === at ? '>' : ' '} ${item}`);
  const count = found.length === 0 ? 'no match' : `${at + 1} of ${found.length}`;
  return [`${title}: ${filter}`, ...shown, `  (${count}; type to filter, ↑ ↓ Enter)`];
}

/** What a line chooses that was typed without seeing the list: a number of it, a name, or a part of one name only. */
export function chosenBy(line, items) {
  const typed = line.trim();
  const exact = items.find((item) => item.toLowerCase() === typed.toLowerCase());
  if (exact !== undefined) return { chosen: exact };
  if (/^\d+$/.test(typed) && items[typed - 1] !== undefined) return { chosen: items[typed - 1] };
  const candidates = typed === '' ? items : matching(items, typed);
  return candidates.length === 1 ? { chosen: candidates[0] } : { candidates };
}
