// What a stream of OpenAI's chunks must be, however it ended.

/**
 * What is wrong with the whole body of a stream; `undefined` for nothing. A right one ends with `[DONE]` after a finish
 * reason for each choice, or with an event that is an error.
 */
export function wrongInStream(body) {
  const events = body.split('\n\n').filter((event) => event.startsWith('data: ')).map((event) => event.slice('data: '.length));
  const last = events.at(-1);
  if (last !== '[DONE]') return isError(last) ? undefined : 'the stream just ends';
  const choices = events.slice(0, -1).flatMap((event) => JSON.parse(event).choices);
  const indices = (list) => new Set(list.map(({ index }) => index)).size;
  const finished = choices.filter(({ finish_reason: reason }) => reason !== null);
  if (choices.length === 0 || indices(choices) !== indices(finished)) return 'a choice has no finish reason';
  return undefined;
}

/** Whether a JSON text is an error of OpenAI's shape. */
export function isError(json) {
  const { error } = JSON.parse(json ?? '{}');
  return typeof error?.message === 'string' && typeof error.type === 'string' && 'param' in error && 'code' in error;
}
