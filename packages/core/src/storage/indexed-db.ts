import { openDB, type IDBPDatabase } from 'idb';
import type { BrowserStore } from './browser-store.ts';

const FILES = 'files';

/** Files in IndexedDB, with their paths as keys. A tab that is closed during a transaction leaves it undone. */
export const indexedDbStore: BrowserStore = {
  read: (path) => inDatabase((database) => database.get(FILES, path) as Promise<Uint8Array | undefined>),
  write: (path, content) =>
    inDatabase(async (database) => {
      const { store, done } = durable(database);
      await Promise.all([store.put(content, path), done]);
    }),
  remove: (path) =>
    inDatabase(async (database) => {
      const { store, done } = durable(database);
      await Promise.all([store.delete(path), done]);
    }),
  async list(directory) {
    const paths = await inDatabase((database) => database.getAllKeys(FILES));
    return paths.map(String).filter((path) => path.startsWith(`${directory}/`));
  },
};

/** A transaction that is on the disk when it is done. */
const durable = (database: IDBPDatabase) => database.transaction(FILES, 'readwrite', { durability: 'strict' });

async function inDatabase<R>(use: (database: IDBPDatabase) => Promise<R>): Promise<R> {
  const database = await openDB('polytask', 1, { upgrade: (fresh) => void fresh.createObjectStore(FILES) });
  try {
    return await use(database);
  } finally {
    database.close(); // an open database would block a later version of it in other tabs
  }
}
