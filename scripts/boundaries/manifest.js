import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {Partial<Record<'dependencies' | 'peerDependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>
 *   & { name: string, version: string, private?: boolean, bin?: Record<string, string>, exports?: Record<string, unknown>, imports?: Record<string, unknown> }} Manifest
 */

/** @type {Map<string, { directory: string, manifest: Manifest }>} */
const known = new Map();

/**
 * The package.json that a file belongs to, read once a process.
 * @param {string} file @returns {{ directory: string, manifest: Manifest }}
 */
export function nearestManifest(file) {
  const directory = dirname(file);
  const found =
    known.get(directory) ??
    (existsSync(join(directory, 'package.json')) ? readManifest(directory) : nearestManifest(directory));
  known.set(directory, found);
  return found;
}

/** @param {string} directory @returns {{ directory: string, manifest: Manifest }} */
export function readManifest(directory) {
  return { directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) };
}
