// An answer that is JSON of a given shape, with every model: natively where it can, otherwise through a tool or checked here.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    season: { enum: ['spring', 'summer', 'autumn', 'winter'] },
    days: { type: 'integer' },
  },
  required: ['city', 'season', 'days'],
  additionalProperties: false,
};

for (const model of ['Claude-4-5-Sonnet', 'Nova-Lite']) {
  const completion = await bedrock.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Plan a trip. city: Rome, season: spring, days=3' }],
    response_format: { type: 'json_schema', json_schema: { name: 'trip', schema, strict: true } },
  });
  const { city, season, days } = JSON.parse(completion.choices[0].message.content);
  console.log(`${model}: ${days} days in ${city} in ${season}`);
}
