'use strict';
// `node:diagnostics_channel`: what becomes of each attempt of a call. Nothing is measured while nobody subscribes.

const { channel } = require('node:diagnostics_channel');

/** What a report tells → where it is published. */
const CHANNELS = {
  request: channel('bedrock-wrapper:request'),
  response: channel('bedrock-wrapper:response'),
  retry: channel('bedrock-wrapper:retry'),
  error: channel('bedrock-wrapper:error'),
};

/** Whether anybody subscribes. */
function isObserved() {
  const { request, response, retry, error } = CHANNELS;
  return request.hasSubscribers || response.hasSubscribers || retry.hasSubscribers || error.hasSubscribers;
}

/** @param {string[]} reports of the native hub */
function publish(reports) {
  for (const report of reports) {
    const { event, ...message } = JSON.parse(report);
    CHANNELS[event].publish(message);
  }
}

module.exports = { isObserved, publish };
