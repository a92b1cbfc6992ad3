// A model that calls functions, several at once, until it can answer.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();

const functions = {
  get_weather: ({ city }) => ({ city, temperature: city === 'Oslo' ? -5 : 18, unit: '°C' }),
};

const tools = [{
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the current weather in a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}];

const messages = [{ role: 'user', content: 'What is the weather in Paris and Oslo?' }];

for (;;) {
  const { choices: [{ message }] } = await bedrock.chat.completions.create({ model: 'Claude-4-5-Sonnet', messages, tools });
  messages.push(message);
  if (!message.tool_calls) {
    console.log(message.content);
    break;
  }
  for (const { id, function: { name, arguments: json } } of message.tool_calls) {
    console.log(`${name}(${json})`);
    messages.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(functions[name](JSON.parse(json))) });
  }
}
