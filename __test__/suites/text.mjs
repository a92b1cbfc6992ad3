// Text: a fact, what was said before, a limit, thinking.
//
// A case is a question and a judge. The judge gets the answer and says what is wrong with it, or nothing.

const COUNT = { messages: [{ role: 'user', content: 'Count from 1 to 100.' }], max_tokens: 60 };

export const text = {
  title: 'Text',
  of: () => true,
  cases: [
    {
      name: 'sum',
      of: () => true,
      request: { messages: [{ role: 'user', content: 'Respond with exactly one word: What is 1+1?' }], max_tokens: 2000 },
      judge: ({ text }) => (/\b(2|two)\b/i.test(text) ? undefined : 'the answer is not 2'),
    },
    {
      name: 'history',
      of: () => true,
      request: {
        messages: [
          { role: 'system', content: 'You answer in one short sentence.' },
          { role: 'user', content: 'My name is Ada.' },
          { role: 'assistant', content: 'Hello, Ada!' },
          { role: 'user', content: 'What is my name?' },
        ],
        max_tokens: 2000,
      },
      judge: ({ text }) => (/\bAda\b/.test(text) ? undefined : 'the name that was told is not in the answer'),
    },
    {
      name: 'limit',
      // A thinking budget is larger than the limit, which is raised then.
      of: ({ shows, thinks }) => !shows || !thinks,
      request: COUNT,
      judge: ({ text, stopReason, usage }, { thinks }) => {
        if (stopReason !== 'max_tokens') return `it stopped because of ${stopReason}, not max_tokens`;
        if (usage && usage.outputTokens > COUNT.max_tokens) return `${usage.outputTokens} tokens are above the limit`;
        if (/\b100\b/.test(text.replace(/from 1 to 100/g, ''))) return 'it counted to the end';
        return thinks || /\b1\D+2\D+3\b/.test(text) ? undefined : 'it did not count';
      },
    },
    {
      name: 'thinking',
      of: ({ shows }) => shows,
      request: { messages: [{ role: 'user', content: 'What is 15 * 23?' }], max_tokens: 4000, include_thinking_data: true },
      judge: ({ text }) => {
        const [, thoughts, answer] = /^<(?:think|reasoning)>(.+?)<\/(?:think|reasoning)>(.*)$/s.exec(text) ?? [];
        if (!thoughts) return 'no thinking stands before the answer';
        return answer.includes('345') ? undefined : 'the answer after the thinking is not 345';
      },
    },
    {
      name: 'thinking hidden',
      of: ({ shows }) => shows,
      request: { messages: [{ role: 'user', content: 'What is 15 * 23?' }], max_tokens: 4000 },
      judge: ({ text }) => (text.includes('345') ? undefined : 'the answer is not 345'),
    },
  ],
};
