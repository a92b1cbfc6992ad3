// The ordinary question, where only the answer matters.

export const QUESTION = { text: 'Tell me the history of the city of Paris.', images: [], maxTokens: 4096 };
