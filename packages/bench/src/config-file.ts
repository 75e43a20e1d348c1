import { existsSync } from 'node:fs';
import path from 'node:path';

/** The configuration of a directory: `polytask.config.ts`, `.mts`, `.js`, `.mjs` or `.json`. Undefined without one. */
export const configFileIn = (directory: string): string | undefined =>
  ['ts', 'mts', 'js', 'mjs', 'json']
    .map((ending) => path.join(directory, `polytask.config.${ending}`))
    .find((file) => existsSync(file));
