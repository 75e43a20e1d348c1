import { openDB, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import type { BrowserStore } from './folder.ts';

const FILES = 'files';

/** Files in IndexedDB, with their paths as keys. A tab that is closed during a transaction leaves it undone. */
export const indexedDbStore: BrowserStore = {
  read: (path) => inDatabase((database) => database.get(FILES, path) as Promise<Uint8Array | undefined>),
  write: (path, content) => inTransaction((files) => files.put(content, path)),
  remove: (path) => inTransaction((files) => files.delete(path)),
  async list(directory) {
    const paths = await inDatabase((database) => database.getAllKeys(FILES));
    return paths.map(String).filter((path) => path.startsWith(`${directory}/`));
  },
};

/** Changes files in a transaction that is on the disk when it is done. */
const inTransaction = (
  change: (files: IDBPObjectStore<unknown, [typeof FILES], typeof FILES, 'readwrite'>) => Promise<unknown>,
) =>
  inDatabase(async (database) => {
    const { store, done } = database.transaction(FILES, 'readwrite', { durability: 'strict' });
    await Promise.all([change(store), done]);
  });

async function inDatabase<R>(use: (database: IDBPDatabase) => Promise<R>): Promise<R> {
  const database = await openDB('polytask', 1, { upgrade: (fresh) => void fresh.createObjectStore(FILES) });
  try {
    return await use(database);
  } finally {
    database.close(); // an open database would block a later version of it in other tabs
  }
}
