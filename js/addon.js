'use strict';
// Loads the native part, or says which package is missing and what to do. `native.js` is generated.

const { BedrockWrapperError } = require('./errors.js');
const { name, version, napi } = require('../package.json');

try {
  module.exports = require('./native.js');
} catch (cause) {
  throw missing(cause);
}

function missing(cause) {
  const platform = platformName();
  const expected = `${name}-${platform}`;
  const reason = loadFailure(cause, expected);
  const message = reason === null
    ? `bedrock-wrapper has no native addon for this machine (${platform}): neither the package ${expected}@${version} nor a local build was found. `
      + `Install without --omit=optional and on the same system it will run on, or run "npm install ${expected}@${version}". `
      + 'In a clone of the repository run "npm run build" (needs Rust, https://rustup.rs).'
    : `bedrock-wrapper found its native addon for this machine (${platform}), but it could not be loaded: ${reason}`;
  return new BedrockWrapperError({ name: 'AddonNotFoundError', code: 'addon_not_found', message, retryable: false }, { cause });
}

/** As the packages in `npm/` are called: `linux-x64-musl`, `darwin-arm64`, … */
function platformName() {
  const { platform, arch } = process;
  if (platform === 'win32') return `win32-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const { glibcVersionRuntime } = process.report.getReport().header;
  return `linux-${arch}-${glibcVersionRuntime ? 'gnu' : 'musl'}`;
}

/** Why an addon that is there does not load: the system's own text. `null` when there is none. */
function loadFailure(cause, expected) {
  for (let error = cause; error; error = error.cause) {
    const isAbsent = error.code === 'MODULE_NOT_FOUND' || error.message.includes('Cannot find native binding');
    const isOurs = error.message.includes(expected) || error.message.includes(napi.binaryName);
    if (!isAbsent && isOurs) return error.message;
  }
  return null;
}
