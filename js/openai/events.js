'use strict';
// Server-sent events of chunk objects, for those who want the HTTP answer of a stream itself.

/** The items of a stream as events, in bytes. Nothing is read before somebody reads. */
function eventBytes(stream) {
  const encoder = new TextEncoder();
  let items = null;
  return new ReadableStream({
    async pull(controller) {
      items ??= stream[Symbol.asyncIterator]();
      const { value, done } = await items.next();
      controller.enqueue(encoder.encode(`data: ${done ? '[DONE]' : JSON.stringify(value)}\n\n`));
      if (done) controller.close();
    },
    cancel: () => stream.controller.abort(),
  }, { highWaterMark: 0 });
}

module.exports = { eventBytes };
