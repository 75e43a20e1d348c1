import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { WEIGHTS, PENDING, type BundleFiles } from './bundle.ts';

/** Reads a file of a directory. Returns undefined when the file doesn't exist. */
export async function readFrom(directory: string, name: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(directory, name));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a bundle atomically. If the process or the machine stops, the directory holds the complete old bundle or the
 * complete new one. The rename of the JSON file switches between them.
 */
export async function writeTo(directory: string, files: BundleFiles): Promise<void> {
  await mkdir(directory, { recursive: true });
  const names = Object.keys(files).filter((name) => name !== WEIGHTS);
  await settle(directory, names);
  await writeThrough(join(directory, PENDING), files[WEIGHTS]!);
  for (const name of names) {
    await writeThrough(join(directory, `${name}.new`), files[name]!);
    await rename(join(directory, `${name}.new`), join(directory, name));
  }
  await rename(join(directory, PENDING), join(directory, WEIGHTS));
}

/** Finishes an earlier save that stopped after it replaced the JSON: the weights are still in the pending file. */
async function settle(directory: string, names: readonly string[]): Promise<void> {
  const pending = await readFrom(directory, PENDING);
  if (!pending) return;
  const { sha256 } = await import('./bundle.ts');
  const digest = await sha256(pending);
  for (const name of names) {
    const json = await readFrom(directory, name);
    if (json?.toString().includes(digest)) await rename(join(directory, PENDING), join(directory, WEIGHTS));
  }
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
