// Requests of OpenAI's Chat Completions: a plain one, one with tools, and a conversation as long as one likes.

import { noisePng } from '../png.mjs';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const LINE = 'The Seine runs through Paris; "what a river", he said, and wrote it down in the book he kept.\n';

export const CHAT = request({ messages: [{ role: 'user', content: 'Tell me the history of the city of Paris.' }] });

const TOOLS = [
  tool('get_weather', 'The weather at a place, now or at a time.', {
    place: { type: 'string', description: 'A city, with its country where that is not plain.' },
    at: { type: 'string', format: 'date-time', description: 'When; now, unless given.' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
  }, ['place']),
  tool('search_documents', 'Finds passages in the library.', {
    query: { type: 'string', minLength: 1 },
    limit: { type: 'integer', minimum: 1, maximum: 50 },
    filters: { type: 'object', properties: { author: { type: 'string' }, year: { type: 'integer' } } },
  }, ['query']),
  tool('book_table', 'Books a table in a restaurant.', {
    restaurant: { type: 'string' },
    guests: { type: 'integer', minimum: 1 },
    at: { type: 'string', format: 'date-time' },
    wishes: { type: 'array', items: { type: 'string' } },
  }, ['restaurant', 'guests', 'at']),
  tool('send_message', 'Sends a message to people.', {
    to: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, address: { type: 'string' } } } },
    text: { type: 'string', description: 'Plain text.' },
  }, ['to', 'text']),
  tool('convert_money', 'What an amount is worth in another currency.', {
    amount: { type: 'number', exclusiveMinimum: 0 },
    from: { type: 'string', pattern: '^[A-Z]{3}$' },
    to: { type: 'string', pattern: '^[A-Z]{3}$' },
  }, ['amount', 'from', 'to']),
];

export const CHAT_WITH_TOOLS = { ...CHAT, tools: TOOLS };

/** `turns` times a question, a call of a tool, its result and an answer, all in all `textLength` characters; images first. */
export function conversation({ turns, textLength, images, imageSide }) {
  const pictures = Array.from({ length: images }, (_, i) => picture(noisePng(imageSide, i + 1)));
  const text = LINE.repeat(Math.ceil(textLength / turns / 3 / LINE.length));
  const messages = Array.from({ length: turns }, (_, i) => turn(i, text, pictures[i])).flat();
  return request({ tools: TOOLS, messages: [...messages, { role: 'user', content: 'And what came of it?' }] });
}

function turn(number, text, image) {
  const question = `${number}: ${text}`;
  const id = `toolu_bdrk_${String(number).padStart(16, '0')}`;
  const call = { name: 'search_documents', arguments: JSON.stringify({ query: `Seine ${number}`, limit: 5 }) };
  return [
    { role: 'user', content: image ? [{ type: 'text', text: question }, image] : question },
    { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: call }] },
    { role: 'tool', tool_call_id: id, content: text },
    { role: 'assistant', content: `${number}. ${text}` },
  ];
}

function picture(png) {
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } };
}

function request(fields) {
  return { model: MODEL, max_tokens: 4096, ...fields };
}

function tool(name, description, properties, required) {
  return { type: 'function', function: { name, description, parameters: { type: 'object', properties, required } } };
}
