import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs';
import type path from 'node:path';
import type stream from 'node:stream';
import type * as zlib from 'node:zlib';
import { fail } from '@polytask/core';

/**
 * A module of Node's own, asked for when it is needed, so that the package can be imported in a browser and its bundler
 * has nothing to resolve.
 *
 * @param need what it is for, for the message where there is none
 */
export function nodeModule<K extends keyof NodeModules>(name: K, need: string): NodeModules[K] {
  const found = optionalNodeModule(name);
  if (found) return found;
  return fail({
    expected: `Node, for ${need}`,
    received: 'an engine without its modules',
    mend: 'Pass a URL, a Blob, a stream or the text itself.',
  });
}

export const optionalNodeModule = <K extends keyof NodeModules>(name: K): NodeModules[K] | undefined =>
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.(name);

interface NodeModules {
  'node:crypto': typeof crypto;
  'node:fs': typeof fs;
  'node:path': typeof path;
  'node:stream': typeof stream;
  'node:zlib': typeof zlib;
}
