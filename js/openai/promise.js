'use strict';
// What the methods of the client return: a promise of the data, which also gives the HTTP answer.

class APIPromise extends Promise {
  #reply;

  /**
   * @param {Promise<import('./reply.js').Reply>} reply
   * @param {(reply: import('./reply.js').Reply) => unknown} read gives the data of a reply
   */
  constructor(reply, read) {
    super((resolve) => resolve(reply.then(read)));
    this.#reply = reply;
  }

  async asResponse() {
    this.catch(() => {}); // told by what this returns
    return (await this.#reply).response();
  }

  async withResponse() {
    const [data, reply] = await Promise.all([this, this.#reply]);
    return { data, response: reply.response(), request_id: reply.requestId, warnings: reply.warnings };
  }
}

// So `await` and `then` see a promise like any other; the stacks of errors then lead through it to whoever waits.
Object.defineProperty(APIPromise.prototype, 'constructor', { value: Promise });

module.exports = { APIPromise };
