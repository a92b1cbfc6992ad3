// An object of a given shape that grows while it comes, with models that have a form for answers and with those that do not.
import { Output, streamText } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';
import { z } from 'zod';

const trip = z.object({ city: z.string(), season: z.enum(['spring', 'summer', 'autumn', 'winter']), days: z.number().int() });

for (const id of ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0']) {
  const { partialOutputStream, output } = streamText({
    model: bedrock(id),
    prompt: 'Plan a trip. city: Rome, season: spring, days=3',
    output: Output.object({ schema: trip }),
  });
  let pieces = 0;
  for await (const partial of partialOutputStream) pieces += Object.keys(partial).length > 0 ? 1 : 0;
  const { city, season, days } = await output;
  console.log(`${days} days in ${city} in ${season}, ${pieces > 1 ? 'piece by piece' : 'at once'}`);
}
