'use strict';
// Packages that a program installs itself, since only some need them.

/** Errors of `require` for a package that is there, but of ES modules, which older versions of Node cannot load so. */
const NOT_LOADABLE = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/**
 * What `load` gives, or a sentence about what is missing.
 * @template T
 * @param {string} name of the package
 * @param {string} entry who needs it
 * @param {() => T} load with `require` and the name as text, so that bundlers find it
 * @returns {T}
 */
function peer(name, entry, load) {
  try {
    return load();
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)) {
      throw new Error(`bedrock-wrapper/ai-sdk/${entry} needs the package ${name}, which is not installed. Run: npm install ${name}`, { cause: error });
    }
    if (NOT_LOADABLE.includes(error.code)) {
      throw new Error(`bedrock-wrapper/ai-sdk/${entry} needs Node 20.19, 22.12 or newer, which load the package ${name}.`, { cause: error });
    }
    throw error;
  }
}

module.exports = { peer };
