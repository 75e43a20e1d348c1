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
  'node:crypto': typeof import('node:crypto');
  'node:fs': typeof import('node:fs');
  'node:module': typeof import('node:module');
  'node:path': typeof import('node:path');
  'node:stream': typeof import('node:stream');
  'node:url': typeof import('node:url');
  'node:worker_threads': typeof import('node:worker_threads');
  'node:zlib': typeof import('node:zlib');
}
