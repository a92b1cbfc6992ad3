// The clients that judge the local Bedrock, and those of OpenAI's API that judge the gateway in front of it; how each
// one's driver is started.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Where the Python clients are installed. */
export const VENV = join(FOLDER, '.venv');

const CHAT = ['text', 'stream', 'image', 'tools', 'toolsStream'];
const INVOKE = ['invoke', 'invokeStream'];
const MANAGEMENT = ['models', 'guardrail'];
const OPENAI = [...CHAT, 'embed'];

/**
 * @typedef {object} Client
 * @property {string} name what the tables call it
 * @property {'javascript' | 'python' | 'rust'} runtime what installs it, see install.mjs
 * @property {string[]} [packages] its packages in requirements.txt
 * @property {string[]} driver command line, with paths from this folder
 * @property {boolean} [gateway] whether it speaks to a gateway, which speaks to the local Bedrock
 * @property {string[]} verbs what it can do, of those in scenarios.mjs
 */

/** @type {Client[]} the slow to start first, so that two at a time end together */
export const CLIENTS = [
  python('litellm', 'litellm', ['litellm', 'boto3'], [...CHAT, ...INVOKE, 'embed']),
  { ...javascript('aws-cli', 'aws-cli', ['text', 'image', 'tools', 'invoke', 'embed', 'count', ...MANAGEMENT], bin('aws')), runtime: 'python', packages: ['awscli'] },
  gateway('litellm-openai', 'litellm_openai', ['litellm', 'mcp'], OPENAI),
  python('pydantic-ai', 'pydantic_ai', ['pydantic-ai-slim[bedrock]'], CHAT),
  python('strands', 'strands', ['strands-agents'], CHAT),
  gateway('llama-index', 'llama_index', ['llama-index-llms-openai-like', 'llama-index-embeddings-openai-like'], ['text', 'stream', 'image', 'tools', 'embed']),
  gateway('langchain-openai', 'langchain_openai', ['langchain-openai'], [...OPENAI, 'structured']),
  gateway('openai', 'openai', ['openai'], [...OPENAI, 'structured', 'draw', 'listed']),
  python('langchain-aws', 'langchain', ['langchain-aws'], [...CHAT, ...INVOKE, 'embed']),
  python('boto3', 'boto3', ['boto3'], [...CHAT, ...INVOKE, 'embed', 'count', ...MANAGEMENT]),
  python('anthropic', 'anthropic', ['anthropic[bedrock]'], CHAT),
  javascript('ai-sdk', 'ai-sdk', [...CHAT, 'embed']),
  javascript('anthropic-js', 'anthropic', CHAT),
  javascript('langchain-js', 'langchain', CHAT),
  javascript('aws-sdk-js', 'aws-sdk', [...CHAT, ...INVOKE, 'embed', 'count', ...MANAGEMENT], 'h2'),
  javascript('aws-sdk-js-h1', 'aws-sdk', [...CHAT, ...INVOKE, 'embed', 'count', ...MANAGEMENT], 'h1'),
  { name: 'aws-sdk-rust', runtime: 'rust', driver: [], verbs: [...CHAT, ...INVOKE, 'embed', 'count'] },
];

/** Path of a program in the virtual environment. */
export function bin(name) {
  return process.platform === 'win32' ? join(VENV, 'Scripts', `${name}.exe`) : join(VENV, 'bin', name);
}

function python(name, driver, packages, verbs) {
  return { name, runtime: 'python', packages, driver: [bin('python'), `python/judge_${driver}.py`], verbs };
}

function gateway(name, driver, packages, verbs) {
  return { ...python(name, driver, packages, verbs), gateway: true };
}

function javascript(name, driver, verbs, ...args) {
  return { name, runtime: 'javascript', driver: [process.execPath, `js/${driver}.mjs`, ...args], verbs };
}
