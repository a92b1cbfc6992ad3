// The bytes the mock server sends: `application/vnd.amazon.eventstream` frames as Bedrock writes them, and server-sent
// events as OpenAI's API does, each in an HTTP chunk of its own. A whole stream is encoded once and kept; only a paced frame is stamped when it is sent.

import { crc32 } from './crc32.mjs';

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const WORDS = (
  ' the of and a to in that his it with as was for on be at by which have from this had not are but or an they one you' +
  ' were her all would there their we him been has when who will more no if out so said what its about into than them' +
  ' can only other new some could time these two may then do first any my now such like our over man me even most made'
).split(/(?= )/);

/** The last bytes of an HTTP body in chunks. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** One event-stream frame with the three string headers of a server event, in the service's order. */
export function frame(eventType, payload) {
  const body = Buffer.from(payload);
  const headers = Buffer.concat([
    header(':event-type', eventType),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ]);
  const message = Buffer.alloc(12 + headers.length + body.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message, 0, 8), 8);
  headers.copy(message, 12);
  body.copy(message, 12 + headers.length);
  seal(message, 0, message.length);
  return message;
}

/** A whole answer of `chunks` text chunks: the HTTP body and the number of characters of text in it. */
export function wholeStream(api, chunks) {
  const { frames, characters } = answerOf(WIRES[api], chunks);
  return { body: Buffer.concat([...frames.map(httpChunk), LAST_CHUNK]), characters };
}

/** The same of Converse, without HTTP's chunks around the frames. */
export function wholeFrames(chunks) {
  const { frames, characters } = answerOf(WIRES.converse, chunks);
  return { body: Buffer.concat(frames), characters };
}

function answerOf(wire, chunks) {
  const padding = paddings();
  const words = Array.from({ length: chunks }, (_, i) => WORDS[i % WORDS.length]);
  const events = [...wire.head, ...words.map(wire.text), ...wire.tail(chunks)];
  return { frames: events.map((event) => wire.encode(event, padding())), characters: words.join('').length };
}

/** The pieces of a Converse answer that is sent chunk by chunk, each chunk carrying the time at which it was sent. */
export function pacedStream(chunks) {
  const wire = WIRES.converse;
  const padding = paddings();
  const encode = (event) => httpChunk(wire.encode(event, padding()));
  const templates = Array.from({ length: 64 }, () => encode(wire.text(BLANK_STAMP)));
  return {
    head: Buffer.concat(wire.head.map(encode)),
    tail: Buffer.concat([...wire.tail(chunks).map(encode), LAST_CHUNK]),
    charactersPerChunk: BLANK_STAMP.length,
    stamped: (nth) => stamp(templates[nth % templates.length]),
  };
}

/**
 * Now, in microseconds of the machine's monotonic clock. Linux, macOS and Windows count it from the start of the
 * machine and not of the process, so two processes can compare their readings.
 */
export function monotonicMicroseconds() {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The text of a paced chunk: sixteen digits of microseconds and a space. */
export const STAMP_LENGTH = 17;
const BLANK_STAMP = `${'0'.repeat(STAMP_LENGTH - 1)} `;

function stamp(template) {
  const chunk = Buffer.from(template);
  const start = chunk.indexOf('\r\n') + 2;
  const end = chunk.length - 2;
  chunk.latin1Write(String(monotonicMicroseconds()).padStart(STAMP_LENGTH - 1, '0'), chunk.indexOf(BLANK_STAMP, start));
  seal(chunk, start, end);
  return chunk;
}

/** Writes the message CRC of the frame at `bytes[start..end]`. */
function seal(bytes, start, end) {
  bytes.writeUInt32BE(crc32(bytes, start, end - 4), end - 4);
}

function header(name, value) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}

function httpChunk(bytes) {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** The service pads every event with a prefix of one alphabet, 2 to 61 characters, evenly spread; here repeatably so. */
function paddings() {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return PADDING.slice(0, 2 + ((state >>> 16) % 60));
  };
}

/** How each API writes the events of one text answer. Key order as recorded from Bedrock, for `openai` as createFetch has it. */
const WIRES = {
  converse: {
    encode: ([type, fields], p) => frame(type, JSON.stringify(sorted({ ...fields, p }))),
    head: [['messageStart', { role: 'assistant' }]],
    text: (text) => ['contentBlockDelta', { contentBlockIndex: 0, delta: { text } }],
    tail: (chunks) => [
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'end_turn' }],
      [
        'metadata',
        { metrics: { latencyMs: 708 }, usage: { inputTokens: 15, outputTokens: chunks, totalTokens: 15 + chunks } },
      ],
    ],
  },
  invoke: {
    encode: (event, p) => {
      const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
      return frame('chunk', JSON.stringify({ bytes, p }));
    },
    head: [
      {
        type: 'message_start',
        message: {
          model: 'claude-sonnet-4-5-20250929', id: 'msg_bdrk_013Snxbv6YQYUz7fvXyu7Nmg',
          type: 'message', role: 'assistant', content: [], stop_reason: null, stop_sequence: null,
          usage: { input_tokens: 15, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ],
    text: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    tail: (chunks) => [
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: chunks },
      },
      {
        type: 'message_stop',
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: 15, outputTokenCount: chunks, invocationLatency: 2003, firstByteLatency: 1721,
        },
      },
    ],
  },
  openai: {
    encode: (data) => Buffer.from(`data: ${data}\n\n`),
    head: [openaiChunk({ role: 'assistant', content: '', refusal: null }, null)],
    text: (content) => openaiChunk({ content }, null),
    tail: () => [openaiChunk({}, 'stop'), '[DONE]'],
  },
};

function openaiChunk(delta, finishReason) {
  return JSON.stringify({
    id: 'chatcmpl-aa69b1e2-0c45-405f-b6f1-d2f27b0e1ee3', object: 'chat.completion.chunk', created: 1781796495,
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  });
}

function sorted(fields) {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}
