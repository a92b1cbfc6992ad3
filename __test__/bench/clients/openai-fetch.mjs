// `openai` whose fetch is the package's.

import { createFetch } from '../../../index.mjs';
import { openaiClient } from './openai-http.mjs';

export function open({ endpoint, credentials }) {
  return openaiClient({ baseURL: 'http://localhost/v1', fetch: createFetch({ ...credentials, baseURL: endpoint }) });
}
