// A server that says as whom and for what each request was made, and whether its signature is right. AWS's own signer
// for JavaScript judges. The secret of a key `AKID…` is `secret-of-AKID…`.

import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';

export const secretOf = (accessKeyId) => `secret-of-${accessKeyId}`;

class Sha256 {
  #hash;

  constructor(key) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(data) {
    this.#hash.update(data);
  }

  async digest() {
    return this.#hash.digest();
  }
}

/** `{ auth: 'bearer', as }`, or `{ auth: 'sigv4', as, session, region, service }`; else `{ auth: 'none' }`. */
async function identify(request, body) {
  const { authorization = '', ...headers } = request.headers;
  const [, token] = /^Bearer (.*)$/.exec(authorization) ?? [];
  if (token !== undefined) return { auth: 'bearer', as: token };
  const form = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/;
  const [, as, region, service, names, signature] = form.exec(authorization) ?? [];
  if (as === undefined) return { auth: 'none' };
  const session = headers['x-amz-security-token'];
  const signed = new Set(names.split(';'));
  const url = new URL(request.url, 'http://host');
  const signer = new SignatureV4({
    credentials: { accessKeyId: as, secretAccessKey: secretOf(as), ...(session && { sessionToken: session }) },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const again = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => signed.has(name))),
      body,
    },
    { signingDate: dateOf(headers['x-amz-date']), signableHeaders: signed },
  );
  if (!again.headers.authorization.endsWith(`Signature=${signature}`)) return { auth: 'wrong signature', as };
  return { auth: 'sigv4', as, ...(session && { session }), region, service };
}

/** `20260102T030405Z` */
function dateOf(text) {
  return new Date(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Starts a server. Its `seen` are `{ path, ...identity, body }`, and `{ connect }` where it was asked as a proxy, which it
 * refuses. `answer(seen)` gives `{ status?, headers?, body }`.
 */
export async function verifyingServer(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const about = { method: request.method, path: request.url, ...(await identify(request, body)), body: body.toString() };
    seen.push(about);
    const { status = 200, headers = { 'content-type': 'application/json' }, body: text } = await answer(about, seen.length);
    response.writeHead(status, headers).end(typeof text === 'string' ? text : JSON.stringify(text));
  });
  server.on('connect', (request, socket) => {
    seen.push({ connect: request.url });
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
