// Whether the gateway does what its description says: schemathesis makes requests of `/openapi.json`, right ones and wrong
// ones, and judges each answer by it. Bounded, and with a fixed seed.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { serve } from '../../js/gateway.js';
import { bin } from './clients.mjs';

const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
const PHASES = ['examples', 'coverage', 'fuzzing'];
const MOST_EXAMPLES = 15;
const LONGEST = 600_000;

/** @returns {Promise<string | undefined>} what is wrong, if anything */
export async function judgeDescription() {
  const gateway = await serve({ port: 0, simulate: true });
  const options = { url: gateway.baseURL, seed: 1, 'max-examples': MOST_EXAMPLES, checks: CHECKS, phases: PHASES, 'generation-database': 'none' };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  try {
    await promisify(execFile)(bin('schemathesis'), ['run', `${gateway.url}/openapi.json`, ...flags, '--no-color'], { timeout: LONGEST, maxBuffer: 2 ** 26 });
    return undefined;
  } catch ({ message, stdout }) {
    return stdout || message;
  } finally {
    await gateway.close();
  }
}
