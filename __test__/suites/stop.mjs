// Stop sequences: the answer ends before the sequence, on every model, also those that know none.

import { withoutThinking } from '../../scripts/thinking.mjs';

const CASES = [
  { name: 'number', prompt: 'Count from 1 to 10, separated by commas.', stop: ['7'], has: '6', hasNot: ['8', '9'] },
  {
    name: 'word',
    prompt: 'List the days of the week in order, beginning with Monday.',
    stop: 'Friday',
    has: 'Thursday',
    hasNot: ['Saturday', 'Sunday'],
  },
  {
    name: 'several',
    prompt: 'Write the alphabet in capital letters, separated by commas.',
    stop: ['G', 'H', 'I'],
    has: 'F',
    hasNot: ['J', 'K', 'L'],
  },
  {
    name: 'marks',
    prompt: 'Count from 1 to 5, separated by dashes and without spaces. Answer with the numbers only.',
    stop: ['-4', '\n\n\n'],
    has: '3',
    hasNot: ['5'],
  },
  { name: 'absent', prompt: 'Count from 1 to 5, separated by commas.', stop: ['xyzzy'], has: '5', hasNot: [] },
];

const judge = ({ stop, has, hasNot }) => (answer) => {
  const text = withoutThinking(answer.text);
  const stops = [stop].flat();
  const kept = [...stops, ...hasNot].find((part) => text.includes(part));
  if (kept !== undefined) return `${JSON.stringify(kept)} is in the answer`;
  return text.includes(has) ? undefined : `${JSON.stringify(has)} is not in the answer`;
};

export const stop = {
  title: 'Stop sequences',
  of: () => true,
  cases: CASES.map((one, at) => ({
    name: one.name,
    of: () => true,
    // Both spellings that callers use.
    request: {
      messages: [{ role: 'user', content: one.prompt }],
      max_tokens: 2000,
      [at % 2 === 0 ? 'stop_sequences' : 'stop']: one.stop,
    },
    judge: judge(one),
  })),
};
