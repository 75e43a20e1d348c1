import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PolytaskError } from '@polytask/components/errors';

/**
 * Creates a directory and its missing parents, on the disk too.
 *
 * @throws PolytaskError that names the directory, when it can't be made
 */
export const makeDirectory = (directory: string): Promise<void> =>
  writingTo(directory, async () => {
    for (const made of await createDirectories(resolve(directory))) await syncDirectory(dirname(made));
  });

/**
 * Creates a directory and its missing parents. Not by `recursive` of Node: that tries forever where a parent refuses with ENOENT, as
 * `/proc` does, and hides why other places refuse.
 *
 * @returns the new ones, the outer one first
 */
export async function createDirectories(directory: string): Promise<string[]> {
  try {
    return await createdOne(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const parent = dirname(directory);
    const outer = (await isDirectory(parent)) ? [] : await createDirectories(parent);
    return [...outer, ...(await createdOne(directory))];
  }
}

async function createdOne(directory: string): Promise<string[]> {
  try {
    await mkdir(directory);
    return [directory];
  } catch (error) {
    if (await isDirectory(directory)) return [];
    throw error;
  }
}

const isDirectory = (place: string): Promise<boolean> =>
  stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Runs an action that writes to a place.
 *
 * @throws PolytaskError that names the place, and what the system said, when the system refuses
 */
export async function writingTo<T>(place: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const fix = ['ENOSPC', 'EDQUOT'].includes(code) ? 'Make room on the disk' : 'See whether you may write there';
    throw new PolytaskError(`Can't write "${place}" (${message}). ${fix}, or name another place.`, { cause: error });
  }
}

/** Writes the names of a directory to the disk. Windows can't, and doesn't need to. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
