import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Everything that a file imports at once, through all files of the package. */
function imports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, isType, source] of text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)';/gm)) {
    if (isType) continue;
    if (source!.startsWith('.')) imports(resolve(dirname(file), source!), seen);
    else seen.add(source!);
  }
  return seen;
}

it('imports nothing that a browser lacks', () => {
  const packages = [...imports(resolve(import.meta.dirname, 'index.ts'))].filter((each) => !each.endsWith('.ts'));
  expect(packages.sort()).toEqual(['@tensorflow/tfjs-core']);
});
