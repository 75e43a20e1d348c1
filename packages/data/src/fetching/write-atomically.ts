import { nodeModule } from '../platform/node-module.ts';

/** Writes a file whole or not at all: beside its place first, then renamed. Makes the directory where there is none. */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const { mkdirSync, renameSync, rmSync, writeFileSync } = nodeModule('node:fs', 'writing a file');
  const { dirname } = nodeModule('node:path', 'writing a file');
  const { randomUUID } = nodeModule('node:crypto', 'writing a file');
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}
