// The caller's key, where the gateway asks for one: kept for this tab only.

import { byId } from './dom.js';

const PLACE = 'bedrock-gateway-key';

let asking = null;

export const key = () => sessionStorage.getItem(PLACE);

/** Asks for a key; `problem` says why the last one did not do. Resolves when there is one. */
export function ask(problem) {
  asking ??= asked(problem).finally(() => { asking = null; });
  return asking;
}

function asked(problem) {
  const dialog = byId('ask-key');
  byId('key-problem').textContent = problem ?? '';
  byId('key').value = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const given = byId('key').value.trim();
      if (given === '') {
        // Escape closes the dialog, but without a key there is nothing to show.
        resolve(asked(problem));
        return;
      }
      sessionStorage.setItem(PLACE, given);
      byId('forget-key').hidden = false;
      resolve();
    }, { once: true });
  });
}

/** Lets go of the key. */
export function forget() {
  sessionStorage.removeItem(PLACE);
  location.reload();
}
