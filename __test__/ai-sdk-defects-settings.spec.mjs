// Defects of @ai-sdk/amazon-bedrock 5.0.101 in settings, credentials and its other kinds of models, see ai-sdk/defect.mjs.
// Numbers are of vercel/ai's issues.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { body, defect, generating } from './ai-sdk/defect.mjs';
import { CLAUDE, HELLO, NOVA, always, converse } from './ai-sdk/kit.mjs';
import { PROVIDERS, endWithTests, isOldNode, settingsFor } from './ai-sdk/providers.mjs';

endWithTests();

const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-ai-sdk-'));
after(() => rmSync(folder, { recursive: true }));

/** No credentials and no region but those that a test gives. */
const NOTHING = Object.fromEntries(
  ['REGION', 'DEFAULT_REGION', 'PROFILE', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'BEARER_TOKEN_BEDROCK', 'CONFIG_FILE'].map((name) => [
    `AWS_${name}`,
    undefined,
  ]),
);
const WITHOUT_KEYS = { accessKeyId: undefined, secretAccessKey: undefined };

/** Answers everything itself, and tells what it was sent. */
function answering(json) {
  const sent = [];
  const fetch = async (url, init) => {
    const request = new Request(url, init);
    sent.push({ url: request.url, authorization: request.headers.get('authorization'), body: JSON.parse(await request.text()) });
    return new Response(JSON.stringify(json), { headers: { 'content-type': 'application/json' } });
  };
  return { sent, fetch };
}

describe('credentials', { skip: isOldNode }, () => {
  const status = ({ answers, error }) => (answers[0]?.content ? 'answered' : error.statusCode ?? error.name);

  defect(
    'profiles are not read (2780)',
    generating({}, {
      environment: ({ env }) => {
        const file = join(folder, 'credentials');
        writeFileSync(file, `[work]\naws_access_key_id = ${env.AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${env.AWS_SECRET_ACCESS_KEY}\n`);
        return { ...NOTHING, AWS_SHARED_CREDENTIALS_FILE: file };
      },
      settings: () => ({ ...WITHOUT_KEYS, profile: 'work' }),
    }),
    status,
    { present: 'Error', ours: 'answered' },
  );
  defect(
    'a key in the environment wins over keys in the settings',
    generating({}, { environment: () => ({ ...NOTHING, AWS_BEARER_TOKEN_BEDROCK: 'of-somebody-else' }) }),
    status,
    { present: 403, ours: 'answered' },
  );
  defect(
    'AWS_DEFAULT_REGION is not read',
    generating({}, { environment: ({ env }) => ({ ...NOTHING, AWS_DEFAULT_REGION: env.AWS_REGION }), settings: () => ({ region: undefined }) }),
    status,
    { present: 'AI_LoadSettingError', ours: 'answered' },
  );
  defect(
    'credentials that have expired are not fetched anew',
    generating({}, {
      arrange: (session) => session.addFaults({ fault: 'error', code: 'ExpiredTokenException' }),
      settings: ({ env }) => ({ ...WITHOUT_KEYS, credentialProvider: async () => ({ accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY }) }),
    }),
    status,
    { present: 403, ours: 'answered' },
  );
  defect(
    'a key cannot be a function',
    {
      run: async ({ which }) => {
        const { sent, fetch } = answering(converse());
        await PROVIDERS[which]({ region: 'us-east-1', apiKey: async () => 'a-key', fetch })(NOVA).doGenerate({ prompt: HELLO });
        return sent[0].authorization;
      },
    },
    ({ result, error }) => result ?? error.name,
    { present: 'Error', ours: 'Bearer a-key' },
  );
  defect(
    'a redirect takes the question elsewhere',
    {
      run: async ({ session, provider }) => {
        const elsewhere = await listening();
        session.rule({ answer: { raw: { status: 307, headers: { location: elsewhere.url }, body: '' } } });
        await provider(NOVA).doGenerate({ prompt: HELLO }).catch(() => {});
        await elsewhere.close();
        return elsewhere.bodies.length;
      },
    },
    ({ result }) => result,
    { present: 1, ours: 0 },
  );

  defect(
    'on /anthropic, a session token in the environment is sent with keys of the settings (3018)',
    {
      arrange: always('So.'),
      environment: () => ({ ...NOTHING, AWS_SESSION_TOKEN: 'of-somebody-else' }),
      run: async ({ session, which }) => {
        const name = which === 'ours' ? 'bedrock-wrapper/ai-sdk/anthropic' : '@ai-sdk/amazon-bedrock/anthropic';
        const { createAmazonBedrockAnthropic } = await import(name);
        const { content } = await createAmazonBedrockAnthropic(settingsFor(session))(CLAUDE).doGenerate({ prompt: HELLO });
        return content[0].text;
      },
    },
    ({ result, error }) => result ?? error.statusCode,
    { present: 403, ours: 'So.' },
  );
});

/** A server that notes what it is sent. */
async function listening() {
  const bodies = [];
  const server = createServer(async (request, response) => {
    bodies.push(await new Response(request).text());
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { bodies, url: `http://127.0.0.1:${server.address().port}/`, close };
}

describe('settings', { skip: isOldNode }, () => {
  defect(
    'generateId is not used',
    generating({}, {
      arrange: always({ raw: { body: converse({ output: { message: { role: 'assistant', content: [{ toolUse: { toolUseId: '', name: 'weather', input: {} } }] } } }) } }),
      settings: () => ({ generateId: () => 'mine' }),
    }),
    ({ answers }) => answers[0].content[0].toolCallId === 'mine',
    { present: false, ours: true },
  );
  defect(
    'a reranking model needs a region before it is called',
    { environment: () => NOTHING, settings: () => ({ ...WITHOUT_KEYS, region: undefined, apiKey: 'a-key' }), run: async ({ provider }) => provider.rerankingModel('cohere.rerank-v3-5:0').modelId },
    ({ result, error }) => result ?? error.name,
    { present: 'AI_LoadSettingError', ours: 'cohere.rerank-v3-5:0' },
  );
});

describe('embeddings', { skip: isOldNode }, () => {
  const embedding = (model, options, arrange) => ({ arrange, run: ({ provider }) => provider.embeddingModel(model).doEmbed({ values: ['one'], ...options }) });
  const TITAN = 'amazon.titan-embed-text-v2:0';

  defect(
    'the option dimensions is ignored',
    embedding(TITAN, { dimensions: 256 }),
    ({ answers }) => answers[0].embeddings[0],
    { present: '<1024 numbers>', ours: '<256 numbers>' },
  );
  defect(
    'headers of the response are not told',
    embedding(TITAN),
    ({ answers }) => answers[0].response?.headers['content-type'],
    { present: undefined, ours: 'application/json' },
  );
  defect(
    'tokens that were not counted are not a number',
    embedding('cohere.embed-english-v3', {}, always({ raw: { body: { embeddings: [[0.5]], id: 'a', response_type: 'embeddings_floats', texts: ['one'] } } })),
    ({ answers }) => Number.isNaN(answers[0].usage?.tokens),
    { present: true, ours: false },
  );
});

describe('pictures and rerank', { skip: isOldNode }, () => {
  const drawing = (model, options) => ({
    run: async ({ ai, provider }) => {
      const { images } = await ai.generateImage({ model: provider.imageModel(model), prompt: 'A red square', maxRetries: 0, ...options });
      return images.length;
    },
  });

  defect(
    'the seed 0 is lost',
    drawing('amazon.nova-canvas-v1:0', { seed: 0, size: '320x320' }),
    (seen) => body(seen).imageGenerationConfig.seed,
    { present: undefined, ours: 0 },
  );
  defect(
    'models of Stability are sent the body of Nova',
    drawing('stability.stable-image-core-v1:1'),
    ({ result, error }) => result ?? error.statusCode,
    { present: 400, ours: 1 },
  );
  for (const [region, partition] of [['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov']]) {
    defect(
      `ARNs of reranking models in ${region} are of the wrong partition`,
      {
        run: async ({ which }) => {
          const { sent, fetch } = answering({ results: [{ index: 0, relevanceScore: 0.5 }] });
            const model = PROVIDERS[which]({ region, apiKey: 'a-key', fetch }).rerankingModel('cohere.rerank-v3-5:0');
          await model.doRerank({ query: 'a', documents: { type: 'text', values: ['a'] } });
          return sent[0].body.rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn.split(':')[1];
        },
      },
      ({ result }) => result,
      { present: 'aws', ours: partition },
    );
  }
});
