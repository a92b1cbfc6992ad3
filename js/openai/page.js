'use strict';
// A list in the shape of OpenAI's client, which reads long lists page by page. Here there is one page.

const { APIPromise } = require('./promise.js');
const { shellError } = require('../errors.js');

class Page {
  constructor({ object, data }) {
    this.data = data;
    this.object = object;
  }

  getPaginatedItems() {
    return this.data;
  }

  hasNextPage() {
    return false;
  }

  async getNextPage() {
    throw shellError('invalid_request', 'There is one page only; ask hasNextPage() before getNextPage().');
  }

  async *iterPages() {
    yield this;
  }

  async *[Symbol.asyncIterator]() {
    yield* this.data;
  }
}

/** A promise of a page, whose items can be iterated without waiting for it. */
class PagePromise extends APIPromise {
  async *[Symbol.asyncIterator]() {
    yield* (await this).data;
  }
}

// As for an APIPromise, so that `then` gives a plain promise.
delete PagePromise.prototype.constructor;

module.exports = { Page, PagePromise };
