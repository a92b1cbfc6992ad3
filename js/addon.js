'use strict';
// Loads the native part, or says which package is missing and what to do. `native.js` is generated.

const { BedrockWrapperError } = require('./errors.js');
const { name, version } = require('../package.json');

try {
  module.exports = require('./native.js');
} catch (failure) {
  throw missing(failure);
}

function missing(failure) {
  const platform = platformName();
  const expected = `${name}-${platform}@${version}`;
  const reason = loadFailure(failure);
  const message = reason === undefined
    ? `bedrock-wrapper has no native addon for this machine (${platform}): the package ${expected} is not installed. `
      + `Install on the system the program will run on, without --omit=optional; or run "npm install ${expected}". `
      + 'In a clone of the repository run "npm run build" (needs Rust, https://rustup.rs).'
    : `bedrock-wrapper found its native addon for this machine (${platform}), but it could not be loaded: ${reason}`;
  return new BedrockWrapperError({ name: 'AddonNotFoundError', code: 'addon_not_found', message, retryable: false });
}

/** As the packages in `npm/` are called: `linux-x64-musl`, `darwin-arm64`, … */
function platformName() {
  const { platform, arch } = process;
  if (platform === 'win32') return `win32-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const { glibcVersionRuntime } = process.report.getReport().header;
  return `linux-${arch}-${glibcVersionRuntime ? 'gnu' : 'musl'}`;
}

/** The system's own text about an addon that is there and does not load. The loader chains all it tried by `cause`. */
function loadFailure(failure) {
  const tried = [];
  for (let error = failure.cause; error; error = error.cause) tried.push(error.message);
  return tried.find((message) => !message.startsWith('Cannot find module'));
}
