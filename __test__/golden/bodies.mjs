// Request bodies in a form in which equal means equally good: sorted keys, images by their size, prompts without the
// white space around special tokens.

const SPECIAL_TOKEN = /\s*(<\|[^|>]+\|>|<｜[^｜>]+｜>|\[INST\]|\[\/INST\]|<s>|<\/s>|<think>)\s*/g;
const BASE64 = /^[A-Za-z0-9+/]{60,}={0,2}$/;
const DATA_URL = /data:image\/([a-z+{}]+);base64,(\{\{\$image (\w+) (\d+x\d+)\}\}|[A-Za-z0-9+/]{60,}={0,2})/g;

/** The comparable form of a body, as JSON text. */
export function canonical(body) {
  return JSON.stringify(canon(body));
}

/** A body without its last message where that is an assistant's and empty; and whether it had one. */
export function withoutTrailingAssistant(body) {
  const last = body?.messages?.at?.(-1);
  const isEmpty = last?.content === '' || (Array.isArray(last?.content) && last.content.length === 1 && last.content[0].text === '');
  if (last?.role !== 'assistant' || !isEmpty) return { body, had: false };
  return { body: { ...body, messages: body.messages.slice(0, -1) }, had: true };
}

function canon(value, key) {
  if (Array.isArray(value)) return value.map((item) => canon(item));
  if (typeof value === 'string') return canonText(value, key);
  if (value === null || typeof value !== 'object') return value;
  if (value.$image) return size('IMAGE', value.$image);
  const object = Object.fromEntries(Object.keys(value).sort().map((name) => [name, canon(value[name], name)]));
  return withCheckedType(object, value);
}

/** An image's declared type becomes OK or WRONG: any type is fine as long as it is that of the bytes. */
function withCheckedType(object, { data, source, media_type, format }) {
  const bytes = data ?? source?.bytes;
  const image = typeof bytes === 'string' ? imageInBase64(bytes) : bytes?.$image;
  const declared = media_type ?? format;
  if (!image || !declared) return object;
  const type = String(declared).replace('image/', '');
  const isRight = type === '{{format}}' || image.format === 'any' || type === image.format;
  return { ...object, [media_type === undefined ? 'format' : 'media_type']: isRight ? 'OK' : 'WRONG' };
}

function canonText(text, key) {
  if (key === 'prompt') return text.replace(SPECIAL_TOKEN, '$1').trim();
  const image = imageInBase64(text);
  if (image) return size('IMAGE', image);
  return text.replace(DATA_URL, (all, type, data, _format, recorded) => {
    if (recorded) return `DATAURL ${recorded}`;
    const found = imageInfo(Buffer.from(data, 'base64'));
    return found ? size('DATAURL', found) + (found.format === type ? '' : ' WRONG') : all;
  });
}

function size(what, { width, height }) {
  return `${what} ${width}x${height}`;
}

function imageInBase64(text) {
  return BASE64.test(text) ? imageInfo(Buffer.from(text, 'base64')) : undefined;
}

function imageInfo(bytes) {
  if (bytes.length > 24 && bytes.readUInt32BE(0) === 0x89504e47) return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (bytes.toString('latin1', 0, 3) === 'GIF') return { format: 'gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (bytes.length > 30 && bytes.toString('latin1', 0, 4) === 'RIFF') return { format: 'webp', ...webpSize(bytes) };
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegInfo(bytes);
  return undefined;
}

function webpSize(bytes) {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X': return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
    }
    default: return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
}

/** The size stands in the frame header, one of SOF0 to SOF15 without DHT, JPG and DAC. */
function jpegInfo(bytes) {
  for (let at = 2; at < bytes.length - 9;) {
    if (bytes[at] !== 0xff) { at++; continue; }
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { format: 'jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
