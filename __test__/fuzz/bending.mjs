// Values and bytes that are almost right.

const ODD = [
  null, true, false, 0, -1, 1.5, 1e308, -1e-308, 9007199254740993, '', 'x', '\u0000', '\ud83d\ude00', 'é'.repeat(70_000), 'a'.repeat(3_000),
  [], {}, [[]], [null], { '': {} }, { text: null }, 'user', 'assistant', 'AA==', 'not base64!', Array.from({ length: 300 }, () => ({ text: 'x' })),
];

/** The bytes of a value, bent in its members or in its bytes; `value` is changed. */
export function bent(value, random) {
  for (let count = random.below(4); count > 0; count -= 1) bend(value, random);
  const bytes = Buffer.from(JSON.stringify(value));
  switch (random.below(12)) {
    case 0: return bytes.subarray(0, random.below(bytes.length));
    case 1: return broken(bytes, random);
    case 2: return random.bytes(random.below(200));
    case 3: return nested(random);
    default: return bytes;
  }
}

/** Puts something odd somewhere into a value. */
function bend(value, random) {
  let at = value;
  for (;;) {
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = random.of(keys);
    if (at[key] !== null && typeof at[key] === 'object' && random.chance(0.7)) {
      at = at[key];
      continue;
    }
    if (random.chance(0.2)) delete at[key];
    else if (random.chance(0.1) && !Array.isArray(at)) at[`${key}${random.below(9)}`] = at[key];
    else at[key] = structuredClone(random.of(ODD));
    return;
  }
}

function broken(bytes, random) {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0; count -= 1) copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function nested(random) {
  const depth = random.of([100, 127, 128, 129, 500, 20_000]);
  const [open, close] = random.of([['[', ']'], ['{"a":', '}'], ['{"messages":[', ']}']]);
  return Buffer.from(open.repeat(depth) + (random.chance(0.5) ? `1${close.repeat(depth)}` : ''));
}
