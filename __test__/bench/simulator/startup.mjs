// A fresh process: how long from `simulate()` to the first answer?

import { simulate } from '../../../js/simulator.js';
import { answered } from './scenarios.mjs';

const started = performance.now();
const bedrock = await simulate({ auth: 'off' });
await answered(bedrock.url);
const milliseconds = performance.now() - started;
process.stdout.write(JSON.stringify({ milliseconds }));
await bedrock.close();
