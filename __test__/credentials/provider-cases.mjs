// The cases of clients as they are of a provider for the AI SDK: the same but for what is told at once, and for what leads to
// another API than Converse.

import { CASES, HERE } from './cases.mjs';

const HAS_NO_CONVERSE = ['mantle', 'runtime', 'agent'];

/** Settings that `createBedrock` itself refuses, and with which words. */
const AT_ONCE = [
  [['apiKey', 'tokenProvider'], 'The settings `apiKey` and `tokenProvider` exclude each other'],
  [['apiKey', 'profile'], 'The settings `apiKey` and `profile` exclude each other'],
  [['accessKeyId', 'profile'], 'The settings `accessKeyId` and `profile` exclude each other'],
];

/** Of keys, blanks do not count. */
const isTrimmed = ({ options }) => options.apiKey === 'key\n';
const isOfConverse = ({ options, env = {} }) => !HAS_NO_CONVERSE.includes(options.endpoint) && env.AWS_BEDROCK_BASE_URL === undefined;

function ofProvider(each) {
  if (each.error === undefined) return each;
  const atOnce = AT_ONCE.find(([names]) => names.every((name) => each.options[name] !== undefined));
  if (atOnce !== undefined) return { ...each, error: atOnce[1], name: 'AI_InvalidArgumentError', code: 'invalid_request' };
  const isOfKey = /bearer credential/.test(each.error) && !/AWS credential/.test(each.error);
  const error = each.error.replace('new Bedrock', 'createAmazonBedrock');
  return { ...each, error, name: isOfKey ? 'AI_LoadAPIKeyError' : 'AI_LoadSettingError' };
}

const CONVERSE = '/model/amazon.nova-micro-v1%3A0/converse';
const AWS_BEDROCK_BASE_URL = 'https://bedrock-mantle.us-east-1.api.aws/openai/v1';
const bearer = (as) => ({ auth: 'bearer', as, path: CONVERSE });

const OWN = [
  { options: { ...HERE, apiKey: Promise.resolve('key-promise') }, sent: bearer('key-promise') },
  { options: { ...HERE, apiKey: ' key-option\n' }, sent: bearer('key-option') },
  { options: { ...HERE, apiKey: 'key-option', accessKeyId: undefined, profile: null }, sent: bearer('key-option') },
  { options: { ...HERE, apiKey: 'key-option', endpoint: 'runtime' }, sent: bearer('key-option') },
  { options: { region: 'us-east-1', apiKey: 'key-option' }, env: { AWS_BEDROCK_BASE_URL, AWS_ENDPOINT_URL: 'HOST' }, sent: bearer('key-option') },
  {
    options: { ...HERE, apiKey: Promise.resolve('') },
    error: 'Failed to resolve a bearer credential for Bedrock.',
    name: 'AI_LoadAPIKeyError',
  },
];

const derived = Object.entries(CASES).map(([table, cases]) => [`${table} of a provider`, cases.filter((each) => isOfConverse(each) && !isTrimmed(each)).map(ofProvider)]);

export const PROVIDER_CASES = { ...Object.fromEntries(derived), 'own of a provider': OWN };
