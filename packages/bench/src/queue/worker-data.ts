import path from 'node:path';
import { fail } from '@polytask/core';
import type { Redis } from 'ioredis';
import { compareFolder, type DataManifest, directoryManifest, isSound } from './data-manifest.ts';
import { fetchFile } from './data-transfer.ts';
import type { LocalPlaces } from './job-references.ts';

/** Where a worker has data. */
export interface WorkerFolders {
  /** The folder of the data on this machine. Other content of a file there is an error. */
  readonly data?: string | undefined;
  /** The folder for files that a coordinator sends. */
  readonly cache: string;
}

/**
 * Finds the folder of a manifest's files: the worker's own data, then the coordinator's path, then the cache. Missing files are
 * fetched from the coordinator into the cache, once. Whatever the folder, its files have the content that the manifest names.
 *
 * @throws PolytaskError when the worker's own data differs, or when no coordinator sends a missing file
 */
export function dataFinder(redis: Redis, { data, cache }: WorkerFolders): LocalPlaces['folderOf'] {
  const fetches = new Map<string, Promise<string>>();
  const fetchAll = async (manifest: DataManifest) => {
    const folder = path.join(cache, manifest.hash);
    for (const file of manifest.files) {
      const there = await compareFolder(folder, { ...manifest, files: [file] });
      if (!('all' in there)) await fetchFile(redis, manifest.hash, file, folder);
    }
    return folder;
  };
  const isAt = async (root: string, manifest: DataManifest, whole: boolean) =>
    'all' in (await compareFolder(root, manifest)) &&
    (!whole || (await directoryManifest(root).catch(() => undefined))?.hash === manifest.hash);
  return async (manifest, { whole = false } = {}) => {
    if (!isSound(manifest))
      fail({
        expected: 'data files below one folder, with the hash of their list',
        received: 'a job with others, or without files',
        fix: 'Look who writes to this queue.',
      });
    if (data !== undefined) {
      const agreement = await compareFolder(data, manifest);
      if ('all' in agreement) return data;
      if ('different' in agreement)
        fail({
          expected: "the study's data",
          received: `another ${agreement.different} in ${data}`,
          fix: 'Copy the file from the coordinator, or start the worker without --data.',
        });
    }
    if (await isAt(manifest.root, manifest, whole)) return manifest.root;
    const fetching = fetches.get(manifest.hash) ?? fetchAll(manifest);
    fetches.set(manifest.hash, fetching);
    fetching.catch(() => fetches.delete(manifest.hash));
    return fetching;
  };
}
