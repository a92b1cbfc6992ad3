// The recorded cases: where they are, and how their templates are filled in.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HERE = import.meta.dirname;

/** The cases that are part of this project. */
export const CHOSEN = resolve(HERE, '../fixtures/golden');

/** The whole set, where it stands beside the checkout or where `BEDROCK_WRAPPER_SHARED` says; undefined elsewhere. */
export function sharedFolder() {
  const folder = join(process.env.BEDROCK_WRAPPER_SHARED ?? resolve(HERE, '../../../shared'), 'golden');
  return existsSync(folder) ? folder : undefined;
}

/** Every case of a folder, in the order of the files: `<family>.<api>.json`. */
export function readCases(folder) {
  const files = readdirSync(folder).filter((file) => /\.(converse|invoke)\.json$/.test(file)).sort();
  return files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Where the images of a folder's cases lie: this project keeps one set for all tests. */
export function imagesOf(folder) {
  return folder === CHOSEN ? resolve(HERE, '../fixtures/images') : join(folder, 'fixtures');
}

/** Fills `{{data-url:fixtures/F}}` and its like; `url` is where the server serves the images. */
export function filler(images, url) {
  const name = (file) => file.replace(/^fixtures\//, '');
  const bytes = (file) => readFileSync(join(images, name(file)));
  const mime = (file) => `image/${file.split('.').pop().replace('jpg', 'jpeg')}`;
  const templates = {
    'data-url': (file) => `data:${mime(file)};base64,${bytes(file).toString('base64')}`,
    'data-url-png': (file) => `data:image/png;base64,${bytes(file).toString('base64')}`,
    base64: (file) => bytes(file).toString('base64'),
    http: (file) => `${url}/${file}`,
    'http-redirect': (file) => `${url}/redirect/${name(file)}`,
    'http-status404': (file) => `${url}/status404-with-image/${name(file)}`,
  };
  const fill = (value) => {
    if (typeof value === 'string') {
      return value.replace(/\{\{([a-z0-9-]+):(fixtures\/[^}]+)\}\}/g, (all, kind, file) => templates[kind]?.(file) ?? all);
    }
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill;
}
