// All scenarios that both providers run, see kit.mjs for what a scenario is.

import { FAILURES } from './scenarios/failures.mjs';
import { FILES } from './scenarios/files.mjs';
import { MODELS } from './scenarios/models.mjs';
import { OBJECTS } from './scenarios/objects.mjs';
import { OPTIONS } from './scenarios/options.mjs';
import { REASONING } from './scenarios/reasoning.mjs';
import { TEXT } from './scenarios/text.mjs';
import { TOOLS } from './scenarios/tools.mjs';

export const SCENARIOS = [...TEXT, ...TOOLS, ...OBJECTS, ...FILES, ...REASONING, ...OPTIONS, ...MODELS, ...FAILURES];
