// A5: what an installation weighs beside `ai`: the files of a package and of what only it brings along.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MODULES = join(ROOT, 'node_modules');

/** Bytes of the package as it is published, with its add-on of `addonSize` bytes for one platform. */
export function ownSize(addonSize) {
  const command = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ unpackedSize }] = JSON.parse(execFileSync('npm', command, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return unpackedSize + addonSize;
}

/** Bytes of the package `name` in node_modules and of its dependencies, without what `ai` brings along in any case. */
export function sizeBesideAi(name) {
  const there = dependenciesOf('ai');
  const added = [...dependenciesOf(name)].filter((folder) => !there.has(folder));
  return added.reduce((sum, folder) => sum + sizeOf(folder), 0);
}

/** Folders of a package and of all that it depends on. */
function dependenciesOf(name, from = MODULES, found = new Set()) {
  const folder = folderOf(name, from);
  if (folder === null || found.has(folder)) return found;
  found.add(folder);
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync(join(folder, 'package.json')));
  const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
  for (const needed of [...Object.keys(dependencies), ...peers]) dependenciesOf(needed, folder, found);
  return found;
}

function folderOf(name, from) {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((folder) => isFile(join(folder, 'package.json'))) ?? null;
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Bytes of all files of a package, without the packages inside it, which are counted by themselves. */
function sizeOf(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
  const sizes = entries.map((entry) => (entry.isDirectory() ? sizeOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
