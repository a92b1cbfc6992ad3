// Colours and weight, where they are wanted: not with NO_COLOR, not into a file or a pipe unless FORCE_COLOR asks.

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] };

/** One function for each style, which wraps text in escape codes or leaves it as it is. */
export function styleFor(stream, env = process.env) {
  const isOn = takesColours(stream, env);
  const wrap = ([on, off]) => (text) => (isOn ? `\u001b[${on}m${text}\u001b[${off}m` : String(text));
  return Object.fromEntries(Object.entries(CODES).map(([name, codes]) => [name, wrap(codes)]));
}

function takesColours(stream, env) {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
