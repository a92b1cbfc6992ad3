'use strict';
// A stream's parts as `ai` reads them.

const { DATA } = require('./call.js');
const { streamError } = require('./errors.js');

/** What an item of a stream begins with that is no text of the open text block. */
const PART = 0;
const REASONING = 1;
const TOOL_INPUT = 2;

/** Parts that lie in the stream at once: the more do, the longer it takes to get one out. */
const MOST_WAITING = 64;

/**
 * The parts of a call that has begun, as they come. Cancelled, the stream cancels the call.
 * @param {import('./call.js').Call} call
 * @returns {ReadableStream}
 */
function partsOf(call) {
  return new ReadableStream(new Parts(call), { highWaterMark: 0 });
}

/** What a ReadableStream reads from. */
class Parts {
  #call;
  #decode = decoder();
  /** What came together, and how much of it was given out. */
  #items = [];
  #given = 0;
  /** The last part, which an error goes before. */
  #finish;

  constructor(call) {
    this.#call = call;
  }

  start(controller) {
    const { headers, ...metadata } = this.#call.response;
    controller.enqueue({ type: 'stream-start', warnings: this.#call.head.warnings });
    controller.enqueue({ type: 'response-metadata', ...metadata });
  }

  /** Gives at least one part: a stream is not asked again before somebody has read one. */
  async pull(controller) {
    while (!this.#give(controller)) {
      if (!(await this.#more(controller))) return;
    }
  }

  cancel() {
    this.#call.close();
  }

  /** Gives out what is there, though not all at once; says whether it was something. */
  #give(controller) {
    const until = Math.min(this.#items.length, this.#given + MOST_WAITING);
    let isSomething = false;
    while (this.#given < until) {
      const part = this.#decode(this.#items[this.#given++]);
      if (part.type === 'finish') this.#finish = part;
      else {
        controller.enqueue(part);
        isSomething = true;
      }
    }
    return isSomething;
  }

  /** Waits for items; at the end gives out the last part. Says whether the stream goes on. */
  async #more(controller) {
    try {
      const batch = await this.#call.batch();
      if (batch !== null) {
        this.#items = typeof batch === 'string' ? [batch] : batch;
        this.#given = 0;
        return true;
      }
    } catch (error) {
      if (error?.[DATA] === undefined) {
        this.#call.end();
        controller.error(error);
        return false;
      }
      controller.enqueue({ type: 'error', error: streamError(error[DATA], { cause: error.cause }) });
    }
    this.#call.end();
    if (this.#finish !== undefined) controller.enqueue(this.#finish);
    controller.close();
    return false;
  }
}

/** A function that makes a part of an item, given in order. */
function decoder() {
  let [text, reasoning, toolInput] = ['', '', ''];
  return (item) => {
    switch (item.charCodeAt(0)) {
      case PART: {
        const part = JSON.parse(item.slice(1));
        if (part.type === 'text-start') text = part.id;
        else if (part.type === 'reasoning-start') reasoning = part.id;
        else if (part.type === 'tool-input-start') toolInput = part.id;
        return part;
      }
      case REASONING:
        return { type: 'reasoning-delta', id: reasoning, delta: item.slice(1) };
      case TOOL_INPUT:
        return { type: 'tool-input-delta', id: toolInput, delta: item.slice(1) };
      default:
        return { type: 'text-delta', id: text, delta: item };
    }
  };
}

module.exports = { partsOf };
