import type { Folder } from './folder.ts';

/** The storage of the platform, loaded at the first use: a page that only reads URLs doesn't need it. */
let loaded: Promise<typeof import('#storage')> | undefined;

/** One promise for all, so that writers go on in the order of their calls. */
const storage = () => (loaded ??= import('#storage'));

/**
 * Opens a directory: one of the file system in Node; in a browser `indexeddb://people-model` (IndexedDB), or
 * `opfs://people-model` (the origin's private file system). It need not exist.
 *
 * @throws PolytaskError in `read` and `write`, when a browser gets another address
 * @example await openFolder('people-model').read('model.json')
 */
export const openFolder = (directory: string): Folder => ({
  read: async (name) => (await storage()).openFolder(directory).read(name),
  readParts: async (name, use) => (await storage()).openFolder(directory).readParts(name, use),
  write: async (action) => (await storage()).openFolder(directory).write(action),
  claim: async (name) => (await storage()).openFolder(directory).claim(name),
  claims: async () => (await storage()).openFolder(directory).claims(),
});

/** The names of the files and folders in a directory. A missing directory has no names. */
export const listFolder = async (directory: string): Promise<string[]> => (await storage()).listFolder(directory);

/** Removes a directory and its contents. A missing directory is no error. */
export const removeFolder = async (directory: string): Promise<void> => (await storage()).removeFolder(directory);

/** Renames a directory. */
export const moveFolder = async (from: string, to: string): Promise<void> => (await storage()).moveFolder(from, to);
