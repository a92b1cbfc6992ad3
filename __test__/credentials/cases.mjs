// As whom and where a client calls, for options and environments: each case is a process of its own in
// `credential-matrix.spec.mjs` and a row of the matrix in docs/credentials.md.
//
// `HOST` in options, environment and profile is a server that verifies signatures; nothing else is reached. `sent` is what
// gets there, `connect` the host that was called instead, `error` what the call fails with. Keys have the secret
// `secret-of-{id}`.

/** Keys as options, environment and profile have them. */
const options = (id, session) => ({ accessKeyId: id, secretAccessKey: `secret-of-${id}`, ...(session && { sessionToken: session }) });
const environment = (id, session) => ({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: `secret-of-${id}`, ...(session && { AWS_SESSION_TOKEN: session }) });
const profile = (id) => `aws_access_key_id = ${id}\naws_secret_access_key = secret-of-${id}`;

/** Where the user of every case has signed in with `aws sso login`. */
export const SIGNED_IN = 'https://example.awsapps.com/start';

const REGION = { region: 'us-east-1' };
/** What every case of the first two tables has. */
export const HERE = { ...REGION, baseURL: 'HOST' };
const AMBIENT = { ...environment('AKIDENV', 'session-env'), AWS_BEARER_TOKEN_BEDROCK: 'key-env' };

const signed = (as, more) => ({ auth: 'sigv4', as, region: 'us-east-1', service: 'bedrock', ...more });
const bearer = (as, more) => ({ auth: 'bearer', as, ...more });

/** One explicit mode wins over the environment. */
export const CREDENTIALS = [
  { options: { ...HERE, ...options('AKIDOPTION') }, sent: signed('AKIDOPTION') },
  { options: { ...HERE, ...options('AKIDOPTION', 'session-option') }, sent: signed('AKIDOPTION', { session: 'session-option' }) },
  { options: { ...HERE, ...options('AKIDOPTION') }, env: AMBIENT, sent: signed('AKIDOPTION') },
  { options: { ...HERE, apiKey: 'key-option' }, env: AMBIENT, sent: bearer('key-option') },
  { options: { ...HERE, apiKey: () => 'key-function' }, env: AMBIENT, sent: bearer('key-function') },
  { options: { ...HERE, tokenProvider: async () => 'key-provider' }, env: AMBIENT, sent: bearer('key-provider') },
  { options: { ...HERE, tokenProvider: () => ({ token: 'key-provider', expiration: new Date(4e12) }) }, sent: bearer('key-provider') },
  { options: { ...HERE, profile: 'work' }, env: AMBIENT, profile: `[profile work]\n${profile('AKIDWORK')}`, sent: signed('AKIDWORK') },
  { options: { ...HERE, credentialProvider: async () => options('AKIDFUNCTION', 'session-function') }, env: AMBIENT, sent: signed('AKIDFUNCTION', { session: 'session-function' }) },
  { options: { ...HERE, credentialProvider: options('AKIDOBJECT') }, env: AMBIENT, sent: signed('AKIDOBJECT') },
  { options: HERE, env: AMBIENT, sent: bearer('key-env') },
  { options: { ...HERE, apiKey: null }, env: AMBIENT, sent: signed('AKIDENV', { session: 'session-env' }) },
  { options: HERE, env: environment('AKIDENV'), profile: `[default]\n${profile('AKIDDEFAULT')}`, sent: signed('AKIDENV') },
  { options: HERE, profile: `[default]\n${profile('AKIDDEFAULT')}`, sent: signed('AKIDDEFAULT') },
  { options: HERE, env: { AWS_PROFILE: 'work' }, profile: `[profile work]\n${profile('AKIDWORK')}`, sent: signed('AKIDWORK') },
  {
    options: { ...HERE, profile: 'work' },
    profile: `[profile work]\ncredential_process = echo '{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"secret-of-AKIDPROCESS"}'`,
    sent: signed('AKIDPROCESS'),
  },
  {
    options: { ...HERE, profile: 'work' },
    env: { AWS_ENDPOINT_URL_STS: 'HOST' },
    profile: `[profile work]\nrole_arn = arn:aws:iam::123456789012:role/Work\nsource_profile = base\n[profile base]\n${profile('AKIDBASE')}`,
    sent: signed('ASIAROLE', { session: 'session-role' }),
  },
  {
    options: { ...HERE, ...options('AKIDBASE'), roleArn: 'arn:aws:iam::123456789012:role/Work', externalId: 'tenant-1' },
    env: { AWS_ENDPOINT_URL_STS: 'HOST' },
    sent: signed('ASIAROLE', { session: 'session-role' }),
  },
  {
    options: { ...HERE, roleArn: 'arn:aws:iam::123456789012:role/Work' },
    env: { ...environment('AKIDBASE'), AWS_BEARER_TOKEN_BEDROCK: 'key-env', AWS_ENDPOINT_URL_STS: 'HOST' },
    sent: signed('ASIAROLE', { session: 'session-role' }),
  },
  {
    options: HERE,
    env: { AWS_ENDPOINT_URL_STS: 'HOST', AWS_WEB_IDENTITY_TOKEN_FILE: 'FILE', AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/Web' },
    sent: signed('ASIAWEB', { session: 'session-web' }),
  },
  {
    options: { ...HERE, profile: 'work' },
    env: { AWS_ENDPOINT_URL_SSO: 'HOST' },
    profile: `[profile work]\nsso_start_url = ${SIGNED_IN}\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = Work`,
    sent: signed('ASIASSO', { session: 'session-sso' }),
  },
];

/** Two modes, or half of one, are an error; so is what cannot be used. */
export const REFUSED = [
  {
    options: { ...HERE, apiKey: 'key-option', roleArn: 'arn:aws:iam::123456789012:role/Work' },
    error: 'A role is taken on with AWS credentials, which a Bedrock API key is not. Configure one of them.',
  },
  { options: { ...HERE, apiKey: 'key-option', tokenProvider: () => 'key' }, error: 'The `apiKey` and `tokenProvider` options are mutually exclusive. Configure only one.' },
  {
    options: { ...HERE, apiKey: 'key-option', profile: 'work' },
    error: 'Bearer and AWS credential authentication are mutually exclusive. Configure exactly one explicit mode: bearer credential, static AWS credentials, profile, or credential provider.',
  },
  {
    options: { ...HERE, ...options('AKIDOPTION'), profile: 'work' },
    error: 'Bedrock authentication is ambiguous. Configure exactly one explicit AWS mode: static credentials, profile, or credential provider.',
  },
  {
    options: { ...HERE, accessKeyId: 'AKIDOPTION' },
    env: AMBIENT,
    error: 'The `accessKeyId` and `secretAccessKey` options must be provided together. A `sessionToken` may only be used with both.',
  },
  {
    options: { ...HERE, sessionToken: 'session-option' },
    env: AMBIENT,
    error: 'The `accessKeyId` and `secretAccessKey` options must be provided together. A `sessionToken` may only be used with both.',
  },
  { options: { ...HERE, accessKeyId: '', secretAccessKey: '' }, error: 'Static AWS credentials require non-empty `accessKeyId` and `secretAccessKey` values.' },
  { options: { ...HERE, ...options('AKIDOPTION'), sessionToken: '' }, error: 'A static AWS `sessionToken` must not be empty when provided.' },
  { options: { ...HERE, profile: '' }, error: 'The Bedrock AWS `profile` must not be empty.' },
  { options: { ...HERE, apiKey: '' }, env: AMBIENT, error: 'The Bedrock bearer credential must not be empty.' },
  { options: { ...HERE, apiKey: 'key\n' }, error: 'The Bedrock bearer credential contains an invalid HTTP header value.' },
  { options: { ...HERE, tokenProvider: () => '' }, error: 'Failed to resolve a bearer credential for Bedrock. The Bedrock bearer credential provider must return a non-empty string.' },
  {
    options: { ...HERE, credentialProvider: () => ({ accessKeyId: 'AKIDFUNCTION' }) },
    error: 'Failed to resolve AWS credentials for Bedrock from `credentialProvider`. It must return an object with `accessKeyId` and `secretAccessKey`.',
  },
  {
    options: { ...HERE, profile: 'missing' },
    error: 'Failed to resolve AWS credentials for Bedrock. Verify your AWS profile, environment variables, or runtime identity configuration and try again. The reason:',
  },
  { options: HERE, error: 'Could not find credentials for Bedrock. Pass AWS credentials to `new Bedrock(...)` or configure the default AWS credential chain. Looked for:' },
];

const KEYS = options('AKIDOPTION');
const API_KEY = { apiKey: 'key-option' };

/** Where the region comes from. */
export const REGIONS = [
  { options: { ...KEYS, region: 'eu-west-1', baseURL: 'HOST' }, env: { AWS_REGION: 'us-west-2' }, sent: signed('AKIDOPTION', { region: 'eu-west-1' }) },
  { options: { ...KEYS, baseURL: 'HOST' }, env: { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1' }, sent: signed('AKIDOPTION', { region: 'us-west-2' }) },
  { options: { ...KEYS, baseURL: 'HOST' }, env: { AWS_DEFAULT_REGION: 'eu-west-1' }, sent: signed('AKIDOPTION', { region: 'eu-west-1' }) },
  { options: { ...KEYS, baseURL: 'HOST' }, profile: '[default]\nregion = ap-south-1\nsso_region = us-east-2', sent: signed('AKIDOPTION', { region: 'ap-south-1' }) },
  { options: { profile: 'work', baseURL: 'HOST' }, profile: `[profile work]\nregion = ap-south-1\n${profile('AKIDWORK')}`, sent: signed('AKIDWORK', { region: 'ap-south-1' }) },
  { options: { ...API_KEY, baseURL: 'HOST' }, sent: bearer('key-option') },
  { options: { ...KEYS, baseURL: 'https://bedrock-runtime.eu-west-3.amazonaws.com' }, connect: 'bedrock-runtime.eu-west-3.amazonaws.com:443' },
  { options: API_KEY, error: 'Bedrock requires an AWS region. Pass `region` to `new Bedrock(...)`, or set `AWS_REGION`, `AWS_DEFAULT_REGION`, or a region in the AWS profile.' },
  { options: { ...API_KEY, region: '' }, env: { AWS_REGION: 'us-west-2' }, error: 'The Bedrock AWS `region` must not be empty.' },
  { options: { ...API_KEY, region: 'us-east-1.evil.example' }, error: 'The Bedrock AWS `region` is invalid. Use a standard AWS region such as `us-east-1`.' },
  {
    options: { ...API_KEY, region: 'us-east-1', baseURL: 'https://bedrock-runtime.us-west-2.amazonaws.com' },
    error: 'The Bedrock endpoint region `us-west-2` does not match the configured AWS region `us-east-1`.',
  },
];

const IN_REGION = { ...API_KEY, ...REGION };
const CONVERSE = '/model/amazon.nova-micro-v1%3A0/converse';

/** Where requests go. */
export const ENDPOINTS = [
  { options: IN_REGION, connect: 'bedrock-runtime.us-east-1.amazonaws.com:443' },
  { options: { ...API_KEY, region: 'cn-north-1' }, connect: 'bedrock-runtime.cn-north-1.amazonaws.com.cn:443' },
  { options: { ...IN_REGION, useFipsEndpoint: true }, connect: 'bedrock-runtime-fips.us-east-1.amazonaws.com:443' },
  { options: IN_REGION, env: { AWS_USE_FIPS_ENDPOINT: 'true' }, connect: 'bedrock-runtime-fips.us-east-1.amazonaws.com:443' },
  { options: { ...IN_REGION, useFipsEndpoint: false }, env: { AWS_USE_FIPS_ENDPOINT: 'true' }, connect: 'bedrock-runtime.us-east-1.amazonaws.com:443' },
  { options: { ...IN_REGION, useDualstackEndpoint: true }, connect: 'bedrock-runtime.us-east-1.api.aws:443' },
  { options: IN_REGION, env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, connect: 'bedrock-runtime.us-east-1.api.aws:443' },
  { options: { ...IN_REGION, baseURL: 'HOST/openai/v1/' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: { ...IN_REGION, baseURL: 'HOST/v1/responses' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: { ...IN_REGION, baseURL: 'HOST/proxy' }, sent: bearer('key-option', { path: `/proxy${CONVERSE}` }) },
  { options: { ...IN_REGION, endpoint: 'HOST' }, env: { AWS_BEDROCK_BASE_URL: 'http://127.0.0.1:9' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: IN_REGION, env: { AWS_BEDROCK_BASE_URL: 'HOST', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: { ...IN_REGION, baseURL: null }, env: { AWS_BEDROCK_BASE_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL: 'HOST' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: IN_REGION, env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'HOST', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: IN_REGION, env: { AWS_ENDPOINT_URL: 'HOST' }, sent: bearer('key-option', { path: CONVERSE }) },
  { options: IN_REGION, env: { AWS_ENDPOINT_URL: 'HOST', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, connect: 'bedrock-runtime.us-east-1.amazonaws.com:443' },
  { options: REGION, env: environment('AKIDENV'), profile: '[default]\nendpoint_url = HOST', sent: signed('AKIDENV', { path: CONVERSE }) },
  { options: REGION, env: { AWS_BEARER_TOKEN_BEDROCK: 'key-env' }, profile: '[default]\nendpoint_url = HOST', sent: bearer('key-env', { path: CONVERSE }) },
  { options: { ...IN_REGION, endpoint: 'mantle' }, env: { AWS_ENDPOINT_URL: 'HOST' }, connect: 'bedrock-mantle.us-east-1.api.aws:443' },
  { options: IN_REGION, env: { AWS_BEDROCK_BASE_URL: 'https://bedrock-mantle.us-east-1.api.aws/openai/v1' }, connect: 'bedrock-mantle.us-east-1.api.aws:443' },
  { options: { ...KEYS, ...REGION, endpoint: 'mantle', baseURL: 'HOST' }, model: 'openai.gpt-oss-120b', sent: signed('AKIDOPTION', { service: 'bedrock-mantle', path: '/v1/chat/completions' }) },
  { options: { ...KEYS, ...REGION, endpoint: 'mantle', baseURL: 'HOST/openai/v1' }, model: 'openai.gpt-oss-120b', sent: signed('AKIDOPTION', { service: 'bedrock-mantle', path: '/openai/v1/chat/completions' }) },
  { options: { ...KEYS, ...REGION, endpoint: 'runtime', baseURL: 'HOST' }, model: 'openai.gpt-oss-120b-1:0', sent: signed('AKIDOPTION', { path: '/openai/v1/chat/completions' }) },
  { options: { ...IN_REGION, baseURL: '' }, error: 'The Bedrock `baseURL` must not be empty.' },
  { options: { ...IN_REGION, endpoint: 'agent' }, error: 'The Bedrock `endpoint` must be either `mantle` or `runtime`, or a URL.' },
  { options: { ...IN_REGION, baseURL: 'http://bedrock-runtime.us-east-1.amazonaws.com' }, error: 'Canonical Amazon Bedrock endpoints require HTTPS.' },
  {
    options: { ...IN_REGION, endpoint: 'mantle', baseURL: 'https://bedrock-runtime.us-east-1.amazonaws.com' },
    error: "The Bedrock runtime hostname does not match the selected `mantle` endpoint. Set `endpoint: 'runtime'` to use this hostname.",
  },
  { options: { ...IN_REGION, useFipsEndpoint: true, endpoint: 'mantle' }, error: "bedrock-mantle has no FIPS endpoint. Set `endpoint: 'runtime'`." },
  { options: { ...IN_REGION, useFipsEndpoint: true, baseURL: 'HOST' }, error: 'A FIPS or dual-stack endpoint cannot be combined with an endpoint URL. Configure only one.' },
];

/** By the name of their table in docs/credentials.md. */
export const CASES = { credentials: CREDENTIALS, refused: REFUSED, regions: REGIONS, endpoints: ENDPOINTS };
