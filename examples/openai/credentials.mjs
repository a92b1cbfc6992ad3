// As whom a program calls: node examples/openai/credentials.mjs
import { Bedrock, simulate } from 'bedrock-wrapper';

const simulated = await simulate({ bearerKeys: ['a-bedrock-api-key'] });
const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = simulated.env;
const place = { region: 'us-east-1', baseURL: simulated.url };

const MODES = {
  'a Bedrock API key': { apiKey: 'a-bedrock-api-key' },
  'a function that gives one': { tokenProvider: async () => 'a-bedrock-api-key' },
  'keys of AWS': { accessKeyId, secretAccessKey },
  'a function that gives them': {
    credentialProvider: async () => ({ accessKeyId, secretAccessKey, expiration: new Date(Date.now() + 3600_000) }),
  },
};

for (const [mode, credentials] of Object.entries(MODES)) {
  const bedrock = new Bedrock({ ...place, ...credentials });
  const completion = await bedrock.chat.completions.create({ model: 'Nova-Micro', messages: [{ role: 'user', content: 'Say exactly: well' }] });
  console.log(`${mode}: ${completion.choices[0].message.content}`);
}

// Neither of these: the environment, ~/.aws, SSO, containers and instances, as in the AWS SDK.
Object.assign(process.env, simulated.env);
const completion = await new Bedrock().chat.completions.create({ model: 'Nova-Micro', messages: [{ role: 'user', content: 'Say exactly: well' }] });
console.log(`the environment: ${completion.choices[0].message.content}`);

await simulated.close();
