'use strict';
// One listener per AbortSignal, whatever the number of answers on it: Node warns from the eleventh listener on.

/** AbortSignal → the weak references of what it ends. */
const watched = new WeakMap();

const collected = new FinalizationRegistry(({ signal, reference }) => forget(signal, reference));

/** Calls `target.abort(reason)` when `signal` fires, unless the returned function was called before. Holds `target` weakly. */
function watch(signal, target) {
  const reference = new WeakRef(target);
  const references = watched.get(signal) ?? new Set();
  if (references.size === 0) {
    watched.set(signal, references);
    signal.addEventListener('abort', onAbort);
  }
  references.add(reference);
  collected.register(target, { signal, reference }, reference);
  return () => {
    collected.unregister(reference);
    forget(signal, reference);
  };
}

function forget(signal, reference) {
  const references = watched.get(signal);
  references.delete(reference);
  if (references.size === 0) signal.removeEventListener('abort', onAbort);
}

function onAbort() {
  for (const reference of [...watched.get(this)]) reference.deref()?.abort(this.reason);
}

module.exports = { watch };
