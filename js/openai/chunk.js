'use strict';
// Chunks of a streamed completion. The native part gives most of them as their text alone: the rest is the same in all.

const { JSON_MARK } = require('./exchange.js');

const MARK = JSON_MARK.charCodeAt(0);

/** What turns the strings of one stream into chunk objects. */
function chunkDecoder() {
  let template = null;
  const decode = (string) => {
    if (string.charCodeAt(0) !== MARK) return chunkOf(template, string);
    const chunk = JSON.parse(string.slice(JSON_MARK.length));
    template ??= templateOf(chunk);
    return chunk;
  };
  return (strings) => strings.map(decode);
}

/** What all chunks of a stream begin and end with, in the order of the first one. */
function templateOf({ id, object, created, model, service_tier, system_fingerprint, usage }) {
  const template = { id, object, created, model };
  if (service_tier !== undefined) template.service_tier = service_tier;
  if (system_fingerprint !== undefined) template.system_fingerprint = system_fingerprint;
  template.choices = null;
  if (usage === null) template.usage = null;
  return template;
}

function chunkOf(template, content) {
  return { ...template, choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }] };
}

module.exports = { chunkDecoder };
