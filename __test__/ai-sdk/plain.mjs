// Results as plain JSON that can be compared: errors and bytes as objects and texts, and a mark in place of everything that
// differs from run to run.

const MEMBERS_OF_ERRORS = ['name', 'message', 'type', 'statusCode', 'isRetryable', 'data', 'responseBody', 'url', 'reason', 'modelId', 'modelType', 'functionality'];

/** Ids, times and checksums. */
const MARKS = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\b(?:tooluse|call|aitxt|aiobj|msg)[_-][A-Za-z0-9_-]{8,}/g, '<id>'],
  [/\b\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT\b/g, '<date>'],
  [/"latencyMs":\d+/g, '"latencyMs":"<number>"'],
  [/\(\d{6,}\)|of \d{6,}/g, '<checksum>'],
];
/** Base64 of more than a pixel. */
const PICTURE = /^(?:iVBOR|\/9j\/)[A-Za-z0-9+/=]{500,}$/;
const NUMBERS_THAT_VARY = new Set(['latencyMs', 'content-length', 'x-amzn-bedrock-invocation-latency']);

/** @param {string} url of the account, which becomes `<url>` wherever it occurs */
export function plain(value, url, key) {
  if (value instanceof Error) return plain(plainError(value), url);
  if (value instanceof Date) return '<date>';
  if (value instanceof URL) return plain(value.href, url);
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (NUMBERS_THAT_VARY.has(key)) return '<number>';
  if (typeof value === 'string' && PICTURE.test(value)) return '<picture>';
  if (typeof value === 'string') return MARKS.reduce((text, [pattern, mark]) => text.replace(pattern, mark), value.replaceAll(url, '<url>'));
  if (isVector(value)) return `<${value.length} numbers>`;
  if (Array.isArray(value)) return value.map((item) => plain(item, url));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && typeof member !== 'function');
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, url, name)]));
}

function isVector(value) {
  return Array.isArray(value) && value.length > 16 && value.every((item) => typeof item === 'number');
}

/** What programs look at in an error. */
export function plainError(error) {
  if (!(error instanceof Error)) return error;
  const members = MEMBERS_OF_ERRORS.filter((name) => error[name] !== undefined).map((name) => [name, error[name]]);
  const inner = error.lastError ? [['lastError', plainError(error.lastError)]] : [];
  return Object.fromEntries([...members, ...inner]);
}
