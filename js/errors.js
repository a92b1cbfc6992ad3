'use strict';
// The one error class. What the native part reports as data becomes an object of it here.

const BRAND = Symbol.for('bedrock-wrapper.error');

class BedrockWrapperError extends Error {
  /**
   * @param {import('./native.js').ErrorData} data
   * @param {ErrorOptions} [options]
   */
  constructor(data, options) {
    super(data.message, options);
    hidden(this, 'name', data.name);
    this.code = data.code;
    this.status = data.status ?? undefined;
    this.requestId = data.requestId ?? undefined;
    this.retryable = data.retryable;
    this.retryAfter = data.retryAfter ?? undefined;
    this.param = data.param ?? undefined;
    this.$metadata = { httpStatusCode: this.status, requestId: this.requestId };
    hidden(this, BRAND, true);
  }

  static isInstance(error) {
    return typeof error === 'object' && error !== null && error[BRAND] === true;
  }
}

function hidden(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
}

/** The error for a request field at `param` that cannot be accepted. */
function invalidRequest(param, message) {
  return shellError('invalid_request', `${param}: ${message}`, param);
}

/** An error that the shell itself raises; its name, status and the rest come from the native table. */
function shellError(code, message, param) {
  const kind = require('./addon.js').errorKinds().find((row) => row.code === code);
  return new BedrockWrapperError({ ...kind, message, param });
}

module.exports = { BedrockWrapperError, invalidRequest, shellError };
