// The matrix in docs/credentials.md, made of the cases that `__test__/credential-matrix.spec.mjs` runs.

import { CASES } from '../../__test__/credentials/cases.mjs';

/** The rows of one table of the matrix; options that are as `given` are left out. */
export function credentialsTable(name, given = {}) {
  const rows = CASES[name].map((each) => [shown(each.options, given), ambient(each), outcome(each)]);
  const headings = ['options', 'environment and profile', 'what leaves, or the error'];
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function shown(options, given) {
  const isSecret = (name) => name === 'secretAccessKey' && 'accessKeyId' in options;
  const fields = Object.entries(options).filter(([name, value]) => !isSecret(name) && value !== given[name]);
  return fields.map(([name, value]) => code(`${name}: ${literal(value)}`)).join(', ');
}

function literal(value) {
  if (typeof value === 'function') return '() => …';
  if (typeof value === 'object' && value !== null) return '{…}';
  return typeof value === 'string' ? `'${value.replaceAll('\n', '\\n')}'` : String(value);
}

function ambient({ env = {}, profile = '' }) {
  const variables = Object.entries(env).filter(([name]) => name !== 'AWS_SECRET_ACCESS_KEY' && !name.startsWith('AWS_ENDPOINT_URL_S'));
  const lines = profile.split('\n').filter((line) => line !== '' && !line.startsWith('aws_secret'));
  return [...variables.map(([name, value]) => code(`${name}=${value}`)), ...lines.map((line) => code(line))].join(' ');
}

function outcome({ sent, connect, error }) {
  if (error !== undefined) return error.replace(/( Looked for| The reason):$/, '');
  if (connect !== undefined) return `to ${code(connect.replace(/:443$/, ''))}`;
  const as = sent.auth === 'bearer' ? `${code(`Bearer ${sent.as}`)}` : `signed as ${code(sent.as)} for ${code(sent.service)} in ${code(sent.region)}`;
  const session = sent.session === undefined ? '' : ` with ${code(sent.session)}`;
  return `${as}${session}${sent.path === undefined ? '' : ` to ${code(sent.path)}`}`;
}

function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
