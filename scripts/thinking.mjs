// The thinking that some model names show before their answer.

/** The answer alone. DeepSeek R1 closes its thinking without having opened it. */
export const withoutThinking = (text) => text.replace(/^.*<\/(?:think|reasoning)>\s*/s, '');
