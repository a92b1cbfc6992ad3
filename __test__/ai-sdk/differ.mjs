// Where two plain values differ. A place is told by names, not by numbers: an item of a list by what it is
// (`parts.text-delta`, `messages.user.content.toolResult.status`), so that one item more does not move all that follow.

/** `[{ at, present, ours }]`; what is missing on one side is `undefined`. */
export function differences(present, ours, at = '') {
  if (Array.isArray(present) && Array.isArray(ours)) return differencesOfLists(present, ours, at);
  if (isRecord(present) && isRecord(ours)) {
    const names = new Set([...Object.keys(present), ...Object.keys(ours)]);
    return [...names].flatMap((name) => differences(present[name], ours[name], joined(at, name)));
  }
  return Object.is(present, ours) ? [] : [{ at, present, ours }];
}

function differencesOfLists(present, ours, at) {
  return aligned(present, ours).flatMap(([left, right]) => {
    const item = left ?? right;
    return differences(left?.item, right?.item, joined(at, kindOf(item.item)));
  });
}

/** Pairs of items of the same kind in the same order, as many as there can be; what has no partner stands alone. */
function aligned(left, right) {
  const [leftKinds, rightKinds] = [left.map(kindOf), right.map(kindOf)];
  const longest = Array.from({ length: left.length + 1 }, () => new Array(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const isPair = leftKinds[i] === rightKinds[j];
      longest[i][j] = isPair ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const pairs = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && leftKinds[i] === rightKinds[j]) pairs.push([{ item: left[i++] }, { item: right[j++] }]);
    else if (j >= right.length || (i < left.length && longest[i + 1][j] >= longest[i][j + 1])) pairs.push([{ item: left[i++] }, undefined]);
    else pairs.push([undefined, { item: right[j++] }]);
  }
  return pairs;
}

/** What a thing is: its own word for it, or the name of its first member. */
function kindOf(item) {
  if (!isRecord(item)) return 'item';
  const words = [item.kind ?? item.type ?? item.role, item.feature].filter((word) => typeof word === 'string');
  return words.length > 0 ? words.join(':') : (Object.keys(item)[0] ?? 'item');
}

function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(at, name) {
  return at === '' ? name : `${at}.${name}`;
}
