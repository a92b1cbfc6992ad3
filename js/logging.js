'use strict';
// What `logging: true` prints: the request and how the answer ended. Credentials never come here.

const LONGEST_TEXT = 2000;
const LONGEST_IMAGE = 40;

function logRequest(request, options) {
  console.log('[bedrock-wrapper] request', JSON.stringify({ ...request, ...options }, shortened, 2));
}

function logOutcome(outcome) {
  outcome.then(
    (told) => console.log('[bedrock-wrapper] answer', JSON.stringify(told, null, 2)),
    (error) => console.log(`[bedrock-wrapper] failed: ${error?.name}: ${error?.message}`),
  );
}

/** Long texts are cut; of an image only the beginning is shown. */
function shortened(key, value) {
  if (typeof value !== 'string') return value;
  const isImage = value.startsWith('data:') || key === 'data' || key === 'url' || key === 'image_url';
  const longest = isImage ? LONGEST_IMAGE : LONGEST_TEXT;
  return value.length > longest ? `${value.slice(0, longest)}… (${value.length} characters)` : value;
}

module.exports = { logOutcome, logRequest };
