// Seeded randomness: the same seed asks the same questions.

/** Mulberry32 and what is made of it. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(unit() * limit);
  const bytes = (length) => Buffer.from(Array.from({ length }, () => below(256)));
  return {
    below,
    bytes,
    chance: (share) => unit() < share,
    of: (list) => list[below(list.length)],
    text: (length) => bytes(length).toString('latin1'),
  };
}
