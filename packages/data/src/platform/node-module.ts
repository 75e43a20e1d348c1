import type * as crypto from 'node:crypto';
import type * as fs from 'node:fs';
import type module from 'node:module';
import type path from 'node:path';
import type stream from 'node:stream';
import type * as url from 'node:url';
import type * as threads from 'node:worker_threads';
import type * as zlib from 'node:zlib';
import { fail } from '@polytask/core';

/** Loads a built-in module of Node when it is needed: browsers can import the package, and bundlers have nothing to resolve. */
export function nodeModule<K extends keyof NodeModules>(name: K, need: string): NodeModules[K] {
  return (
    optionalNodeModule(name) ??
    fail({
      expected: `Node, for ${need}`,
      received: 'an engine without its modules',
      fix: 'Pass a URL, a Blob, a stream or the text itself.',
    })
  );
}

export const optionalNodeModule = <K extends keyof NodeModules>(name: K): NodeModules[K] | undefined =>
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.(name);

interface NodeModules {
  'node:crypto': typeof crypto;
  'node:fs': typeof fs;
  'node:module': typeof module;
  'node:path': typeof path;
  'node:stream': typeof stream;
  'node:url': typeof url;
  'node:worker_threads': typeof threads;
  'node:zlib': typeof zlib;
}
