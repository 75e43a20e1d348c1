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
  'node:crypto': typeof import('node:crypto');
  'node:fs': typeof import('node:fs');
  'node:path': typeof import('node:path');
  'node:stream': typeof import('node:stream');
  'node:zlib': typeof import('node:zlib');
}
