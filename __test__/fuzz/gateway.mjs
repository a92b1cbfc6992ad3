// Wrong requests to the gateway without end, and what an answer must be: OpenAI's shape, whatever was asked.

import { isError, wrongInStream } from '../support/openai-stream.mjs';
import { request } from './openai-requests.mjs';
import { randomFrom } from './random.mjs';

const LANES = 16;

/** Sends `count` requests to the gateway at `url`; answers how many got which status. Throws at the first wrong answer. */
export async function fuzzGateway({ url, count, seed }) {
  const statuses = {};
  let left = count;
  const lane = async (number) => {
    const random = randomFrom(seed + number);
    try {
      while (left-- > 0) {
        const asked = request(random);
        const status = await judged(url, asked);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    } finally {
      left = 0;
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  return statuses;
}

async function judged(url, asked) {
  const answer = await fetch(url + asked.path, asked.init);
  const { status, headers } = answer;
  const body = await answer.text();
  const wrong = (what) => new Error(`${what}\nasked: ${shown(asked)}\nanswered: ${status} ${JSON.stringify([...headers])}\n${body.slice(0, 600)}`);
  if (status >= 500) throw wrong('an error of the server');
  if (!headers.get('x-request-id') && !isOwn(asked)) throw wrong('no request id');
  if (status >= 400) judgeError(body, headers, asked, wrong);
  else if (headers.get('content-type')?.startsWith('text/event-stream') && wrongInStream(body)) throw wrong(wrongInStream(body));
  return status;
}

function judgeError(body, headers, { init }, wrong) {
  if (init.method === 'HEAD') return;
  if (headers.get('content-type') !== 'application/json') throw wrong('not JSON');
  if (!isError(body)) throw wrong("not an error of OpenAI's shape");
}

/** Paths of the gateway's own have no request id. */
function isOwn({ path }) {
  return path === '' || path === '/';
}

function shown({ path, init: { method, body } }) {
  return `${method} ${path} ${body?.toString('latin1').slice(0, 600) ?? ''}`;
}

