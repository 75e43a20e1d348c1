import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifest } from './boundaries/manifest.js';

/** The repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every published package: its directory and its package.json. */
export const packages = () =>
  readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map(readManifest)
    .filter(({ manifest }) => !manifest.private);

/** The script behind a command of node_modules/.bin. @param {string} name */
export const binary = (name) => realpathSync(join(ROOT, 'node_modules', '.bin', name));
