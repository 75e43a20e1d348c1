import { fail } from '@polytask/components/errors';
import { joinBytes } from './bytes.ts';
import {
  inOnePart,
  type FileContent,
  type Folder,
  type FolderWriter,
  type Release,
  type BrowserStore,
} from './folder.ts';

/** The storages of a browser by the scheme of their addresses. Their code is loaded at the first use. */
const STORES: Readonly<Record<string, () => Promise<BrowserStore>>> = {
  indexeddb: async () => (await import('./indexed-db.ts')).indexedDbStore,
  opfs: async () => (await import('./private-files.ts')).privateFileStore,
};

/** How long a writer waits for another tab or worker, in ms. */
const PATIENCE = 60_000;

/**
 * Opens a directory in the storage of the browser: `indexeddb://people-model`, or `opfs://people-model`, the origin's private file system.
 *
 * @throws PolytaskError in `read` and `write`, when the address has neither scheme
 */
export function openFolder(directory: string): Folder {
  const read = async (name: string) => {
    const { store, path } = await placeOf(directory);
    return store.read(`${path}/${name}`);
  };
  return {
    read,
    readParts: inOnePart(read),
    write: (action) =>
      // the turn comes first, so that writers of a page run in the order of their calls
      inTurn(directory.replace(/\/+$/, ''), async () => {
        const { store, path } = await placeOf(directory);
        return action(writerOf(store, path));
      }),
    claim: (name) => claimIn(directory, name),
    async claims() {
      const held = (await locks().query()).held ?? [];
      const prefix = claimName(directory, '');
      return held
        .map(({ name = '' }) => name)
        .filter((name) => name.startsWith(prefix))
        .map((name) => ({ name: name.slice(prefix.length), owner: 'a page or worker of this browser' }));
    },
  };
}

export async function listFolder(directory: string): Promise<string[]> {
  const { store, path } = await placeOf(directory);
  const names = (await store.list(path)).map((file) => file.slice(path.length + 1).split('/')[0]!);
  return [...new Set(names)];
}

export async function removeFolder(directory: string): Promise<void> {
  const { store, path } = await placeOf(directory);
  for (const file of await store.list(path)) await store.remove(file);
}

export async function moveFolder(from: string, to: string): Promise<void> {
  const [source, target] = [await placeOf(from), await placeOf(to)];
  for (const file of await source.store.list(source.path)) {
    const content = await source.store.read(file);
    if (content) await target.store.write(target.path + file.slice(source.path.length), content);
    await source.store.remove(file);
  }
}

async function placeOf(directory: string): Promise<{ store: BrowserStore; path: string }> {
  const [, scheme = '', path = ''] = /^(\w+):\/\/(.*[^/])\/*$/.exec(directory) ?? [];
  if (!Object.hasOwn(STORES, scheme)) {
    fail({
      expected: 'a place that a browser can read and write',
      received: `the directory "${directory}"`,
      fix: `Pass "indexeddb://my-model" or "opfs://my-model". Or load from a URL, or save the files of toBytes(model).`,
    });
  }
  return { store: await STORES[scheme]!(), path };
}

/** The locks of the origin's tabs and workers. @throws PolytaskError in a page without them */
const locks = (): LockManager =>
  (navigator as Partial<Navigator>).locks ??
  fail({
    expected: 'a page over HTTPS or from localhost, to write to its storage',
    received: 'one without navigator.locks',
    fix: 'Serve the page so.',
  });

/** Runs an action while no other tab or worker writes to the directory. A closed tab gives its turn back. */
async function inTurn<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const wait = new AbortController();
  const timer = setTimeout(() => wait.abort(), PATIENCE);
  try {
    return await locks().request(`polytask ${directory}`, { signal: wait.signal }, () => {
      clearTimeout(timer);
      return action();
    });
  } catch (error) {
    if (!wait.signal.aborted) throw error;
    return fail({
      expected: `to write to "${directory}"`,
      received: `another tab or worker that has written there for ${PATIENCE / 1000} s`,
      fix: 'Close that tab.',
    });
  } finally {
    clearTimeout(timer);
  }
}

const claimName = (directory: string, name: string) => `polytask claim ${directory.replace(/\/+$/, '')}/${name}`;

/** Holds a lock until its release. A closed tab gives it back. */
const claimIn = (directory: string, name: string): Promise<Release | undefined> =>
  new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) =>
      new Promise<void>((release) => {
        if (!lock) release();
        resolve(lock ? () => Promise.resolve(release()) : undefined);
      });
    locks().request(claimName(directory, name), { ifAvailable: true }, hold).catch(reject);
  });

function writerOf(store: BrowserStore, directory: string): FolderWriter {
  const pathOf = (name: string) => `${directory}/${name}`;
  const read = async (name: string) => (await store.read(pathOf(name))) ?? new Uint8Array();
  return {
    replace: (name, content) => store.write(pathOf(name), bytesOf(content)),
    async move(from, to) {
      await store.write(pathOf(to), await read(from));
      await store.remove(pathOf(from));
    },
    remove: (name) => store.remove(pathOf(name)),
    async appendLine(name, line) {
      const before = await read(name);
      const whole = before.subarray(0, before.lastIndexOf(0x0a) + 1);
      const added = new TextEncoder().encode(`${line}\n`);
      await store.write(pathOf(name), joinBytes([whole, added]));
    },
    size: async (name) => (await read(name)).length,
  };
}

function bytesOf(content: FileContent): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : joinBytes([...content]);
}
