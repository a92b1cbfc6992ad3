// Runs any of these examples without AWS: node --import ./examples/with-simulator.mjs examples/stream.mjs
//
// Starts a local Bedrock in the same process and points the environment at it, which is all that bedrockWrapper reads.
import { simulate } from 'bedrock-wrapper';

const bedrock = await simulate();
Object.assign(process.env, bedrock.env);
