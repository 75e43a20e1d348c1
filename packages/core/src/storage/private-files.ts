import { fail } from '@polytask/components/errors';
import type { BrowserStore } from './folder.ts';

/** Files in the origin's private file system (OPFS). `close` of a writable replaces a file as a whole. */
export const privateFileStore: BrowserStore = {
  async read(path) {
    const { parent, name } = await placeOf(path);
    const handle = await missing(parent?.getFileHandle(name));
    return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
  },
  async write(path, content) {
    const { parent, name } = await placeOf(path, true);
    const writable = await (await parent!.getFileHandle(name, { create: true })).createWritable();
    await writable.write(content as Uint8Array<ArrayBuffer>);
    await writable.close();
  },
  async remove(path) {
    const { parent, name } = await placeOf(path);
    await missing(parent?.removeEntry(name));
  },
  async list(directory) {
    const { parent, name } = await placeOf(directory);
    const handle = await missing(parent?.getDirectoryHandle(name));
    return handle ? filesIn(handle, directory) : [];
  },
};

async function filesIn(folder: FileSystemDirectoryHandle, path: string): Promise<string[]> {
  const found: string[] = [];
  // TypeScript's library lacks the iterator of a directory
  const entries = folder as unknown as AsyncIterable<[string, FileSystemFileHandle | FileSystemDirectoryHandle]>;
  for await (const [name, handle] of entries) {
    const inside = `${path}/${name}`;
    if (handle.kind === 'file') found.push(inside);
    else found.push(...(await filesIn(handle, inside)));
  }
  return found;
}

/** The root of the private files. @throws PolytaskError in a page or browser without them */
function root(): Promise<FileSystemDirectoryHandle> {
  const storage = (globalThis.navigator as Partial<Navigator> | undefined)?.storage;
  if (typeof storage?.getDirectory === 'function') return storage.getDirectory();
  return fail({
    expected: 'a page with private files (OPFS) for "opfs://…"',
    received: storage ? 'a browser without them' : 'one without navigator.storage',
    fix: 'Serve the page over HTTPS or from localhost, or pass "indexeddb://…".',
  });
}

/** The directory of a path, undefined when it doesn't exist, and the last name of the path. */
async function placeOf(path: string, create = false) {
  const names = path.split('/');
  const name = names.pop()!;
  let parent: FileSystemDirectoryHandle | undefined = await root();
  for (const each of names) parent = await missing(parent?.getDirectoryHandle(each, { create }));
  return { parent, name };
}

/** Undefined in place of the error of a missing file. */
async function missing<H>(handle: Promise<H> | undefined): Promise<H | undefined> {
  try {
    return await handle;
  } catch (error) {
    if ((error as DOMException).name === 'NotFoundError') return undefined;
    throw error;
  }
}
