'use strict';
// `Bedrock`: OpenAI's client, on Amazon Bedrock.

const { nativeClient } = require('../host.js');
const { isObject } = require('../plain.js');
const { decodeEmbeddings } = require('./embeddings.js');
const { badRequest } = require('./errors.js');
const { Page, PagePromise } = require('./page.js');
const { APIPromise } = require('./promise.js');
const { send } = require('./reply.js');

/** Options that say as whom to call: given anew, they replace all that were given before. */
const CREDENTIALS = ['apiKey', 'tokenProvider', 'accessKeyId', 'secretAccessKey', 'sessionToken', 'profile', 'credentialProvider'];

/**
 * The options are read once. What the object shows, e.g. to `console.log`, is its resources: never a secret.
 */
class Bedrock {
  #options;

  constructor(options = {}) {
    this.#options = { ...options };
    const host = nativeClient(this.#options);
    this.chat = { completions: new Completions(host) };
    this.embeddings = new Embeddings(host);
    this.images = new Images(host);
    this.models = new Models(host);
    this.moderations = new Moderations(host);
    this.rerank = new Rerank(host);
  }

  /** A client with these options instead of its own. */
  withOptions(options) {
    const isSomebodyElse = CREDENTIALS.some((name) => options[name] !== undefined && options[name] !== null);
    const kept = isSomebodyElse ? Object.fromEntries(Object.entries(this.#options).filter(([name]) => !CREDENTIALS.includes(name))) : this.#options;
    return new this.constructor({ ...kept, ...options });
  }
}

/** What the methods of one path have in common: the client they belong to. */
class Resource {
  #host;

  constructor(host) {
    this.#host = host;
  }

  post(path, body, options, read = (reply) => reply.json()) {
    return new APIPromise(send(this.#host, { method: 'POST', path, body }, options), read);
  }

  get(path, options) {
    return new APIPromise(send(this.#host, { method: 'GET', path }, options), (reply) => reply.json());
  }

  list(path, options) {
    return new PagePromise(send(this.#host, { method: 'GET', path }, options), (reply) => new Page(reply.json()));
  }
}

class Completions extends Resource {
  create(body, options) {
    return this.post('/chat/completions', body, options, (reply) => reply.stream ?? reply.json());
  }
}

class Embeddings extends Resource {
  /** Vectors cross as base64, a quarter of the digits, unless the caller wants one of the forms. */
  create(body, options) {
    const wantsDigits = body?.encoding_format !== undefined && body?.encoding_format !== null;
    if (wantsDigits || !isObject(body)) return this.post('/embeddings', body, options);
    return this.post('/embeddings', { ...body, encoding_format: 'base64' }, options, (reply) => decodeEmbeddings(reply.json()));
  }
}

class Images extends Resource {
  generate(body, options) {
    return this.post('/images/generations', body, options);
  }
}

class Models extends Resource {
  list(options) {
    return super.list('/models', options);
  }

  retrieve(model, options) {
    if (typeof model !== 'string' || model === '') throw badRequest('model', 'expected the name, id or ARN of a model');
    return this.get(`/models/${encodeURIComponent(model)}`, options);
  }
}

class Moderations extends Resource {
  create(body, options) {
    return this.post('/moderations', body, options);
  }
}

class Rerank extends Resource {
  create(body, options) {
    return this.post('/rerank', body, options);
  }
}

module.exports = { Bedrock };
