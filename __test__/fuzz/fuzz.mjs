// Wrong requests without end, and what an answer must be: AWS's shape, whatever was asked.

import { Connection, shown } from './connection.mjs';
import { randomFrom } from './random.mjs';
import { noise, request } from './requests.mjs';

const LANES = 8;
const BATCH = 32;
/** Share of what is not HTTP; each costs a connection, of which a machine has only so many. */
const NOISE = 0.01;

/** Sends `count` requests to a port; answers how many got which status. Throws at the first answer that is wrong. */
export async function fuzz({ port, count, seed }) {
  const statuses = {};
  let left = count;
  const lane = async (number) => {
    const random = randomFrom(seed + number);
    let connection = new Connection(port);
    try {
      while (left > 0) {
        const size = Math.min(BATCH, left);
        if (random.chance(NOISE * BATCH)) {
          left -= 1;
          await makeNoise(port, random);
          continue;
        }
        left -= size;
        const requests = Array.from({ length: size }, () => request(random));
        await connection.batch(requests, (answer, asked) => {
          judge(answer, asked);
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        });
        if (random.chance(0.02)) {
          connection.close();
          connection = new Connection(port);
        }
      }
    } finally {
      left = 0;
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  return statuses;
}

function judge({ status, head, body }, asked) {
  const wrong = (what) => new Error(`${what}\nasked: ${shown(asked)}\nanswered: ${head}\n\n${body.toString().slice(0, 600)}`);
  if (!/\r\nx-amzn-requestid: /i.test(head)) throw wrong('no request id');
  if (status >= 500) throw wrong('an error of the server');
  if (status < 400) return;
  if (!/\r\nx-amzn-errortype: \w+/i.test(head)) throw wrong('no error type');
  if (!/\r\ncontent-type: application\/json\r?/i.test(head)) throw wrong('not JSON');
  // OpenAI's path answers in OpenAI's shape.
  const { error, message = error?.message, Message = message } = JSON.parse(body);
  if (typeof Message !== 'string') throw wrong('no message');
}

async function makeNoise(port, random) {
  const bytes = noise(random);
  const answer = await new Connection(port).throwAt(bytes);
  if (/^HTTP\/1\.1 (?:5|4\d\d [^\r]*\r\ncontent-length: 0\r\n)/i.test(answer)) throw new Error(`${shown(bytes)}: ${answer}`);
}
