// The simulator's own routes.

async function call(path, options = {}) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message ?? `status ${answer.status}`);
  return body;
}

const post = (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) });
const remove = (path) => call(path, { method: 'DELETE' });

export const journal = (since) => call(`journal?since=${since}`);
export const entry = (id) => call(`journal/${id}`);
export const forget = () => remove('journal');
export const faults = async () => (await call('faults')).faults;
export const addFault = (fault) => post('faults', fault);
export const removeFaults = () => remove('faults');
export const goDown = (milliseconds) => post('outage', { for: milliseconds });
