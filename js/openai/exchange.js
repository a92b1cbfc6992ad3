'use strict';
// One request and its answer: status and headers first, then the strings of the body.

const { nativeHub } = require('../hub.js');
const { Source } = require('../source.js');
const { apiError } = require('./errors.js');

/** What begins a string that is JSON and not the text of an answer. */
const JSON_MARK = '\0';

class Exchange {
  /** HTTP status. */
  status = 0;
  /** @type {Record<string, string>} names in lower case */
  headers = {};
  #source;

  /**
   * @param {import('../host.js').Host} host
   * @param {object} head what the native part is told besides the body, see the operation in `native.d.ts`
   * @param {string | import('../native.js').RequestBody | null} body
   * @param {object} [how]
   * @param {'openai' | 'nativeBody'} [how.operation]
   * @param {(stream: import('../native.js').NativeStream, host: import('../host.js').Host) => unknown} [how.failureOf]
   */
  constructor(host, head, body, { operation = 'openai', failureOf = apiFailureOf } = {}) {
    const open = () => nativeHub()[operation](host.native, JSON.stringify(head), body);
    this.#source = new Source(open, (stream) => failureOf(stream, host));
  }

  /** Sends the request. Settles when the head of the answer is there; false when close() was called before. */
  async head() {
    const head = await this.#source.first();
    if (head === null) return false;
    Object.assign(this, JSON.parse(head.slice(JSON_MARK.length)));
    return true;
  }

  get isStream() {
    return this.headers['content-type']?.startsWith('text/event-stream') === true;
  }

  /** As {@link Source.batch}. */
  batch() {
    return this.#source.batch();
  }

  /** The whole body. */
  async text() {
    let text = '';
    for (let batch = await this.batch(); batch !== null; batch = await this.batch()) {
      text += typeof batch === 'string' ? batch : batch.join('');
    }
    return text;
  }

  close() {
    this.#source.close();
  }
}

/** Why a stream failed. What a function among the client's options threw is thrown as it is, or is the cause. */
function apiFailureOf(stream, host) {
  const data = stream.apiError();
  if (data === null) return null;
  const make = (data, options) => apiError(data, apiFailureOf, options);
  return typeof data.hostCall === 'number' ? host.error(data, make) : make(data);
}

module.exports = { Exchange, JSON_MARK };
