import { PolytaskError, fail } from '@polytask/components';
import { inOnePart, type Folder, type ReadParts } from './folder.ts';

/** A saved model: a directory (Node), the URL of one, files from a browser's `<input>`, or bytes by file name. */
export type Source = string | URL | Iterable<File> | Readonly<Record<string, Uint8Array | ArrayBuffer>>;

/** Returns a function that reads the files of a source, and the name of the source for error messages. */
export function readerOf(source: Source): { read: ReadParts; place: string } {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source);
    if (/^(https?|blob|data):/.test(text)) return { read: inOnePart((name) => fetchFile(text, name)), place: text };
    const directory = text.startsWith('file:') ? decodeURIComponent(new URL(text).pathname) : text;
    return { read: openFolder(directory).readParts, place: `"${directory}"` };
  }
  if (typeof source !== 'object' || source === null) {
    return fail({
      expected: 'a directory, a URL, files, or bytes by file name',
      received: JSON.stringify(source) ?? 'undefined',
      fix: "Pass load('people-model').",
    });
  }
  const files = new Map<string, Uint8Array | ArrayBuffer | File>(
    Symbol.iterator in source ? [...source].map((file) => [file.name, file]) : Object.entries(source),
  );
  return {
    place: `the ${files.size} given files`,
    read: inOnePart(async (name) => {
      const file = files.get(name);
      if (file === undefined) return undefined;
      return file instanceof Uint8Array
        ? file
        : new Uint8Array('arrayBuffer' in file ? await file.arrayBuffer() : file);
    }),
  };
}

async function fetchFile(base: string, name: string): Promise<Uint8Array | undefined> {
  const url = `${base.replace(/\/+$/, '')}/${name}`;
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new PolytaskError(`Can't reach ${url} (${(error as Error).message}). Check the address and the network.`);
  }
  if (response.status === 404) return undefined;
  if (!response.ok) throw new PolytaskError(`${url} answered ${response.status} ${response.statusText}.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The storage of the platform, loaded at the first use: a page that only reads URLs doesn't need it. */
let loaded: Promise<typeof import('#storage')> | undefined;

/** One promise for all, so that writers go on in the order of their calls. */
const storage = () => (loaded ??= import('#storage'));

/**
 * Opens a directory, which need not exist: one of the file system in Node; in a browser `indexeddb://people-model` (IndexedDB), or
 * `opfs://people-model` (the origin's private file system).
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

export const removeFolder = async (directory: string): Promise<void> => (await storage()).removeFolder(directory);

export const moveFolder = async (from: string, to: string): Promise<void> => (await storage()).moveFolder(from, to);
