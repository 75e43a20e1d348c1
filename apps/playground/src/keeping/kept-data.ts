import type { Result } from '@polytask/study';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { TableOptions } from '../data/described-table.ts';
import type { Asked } from '../comparison/run-state.ts';
import type { HistoryEpoch } from '../comparison/model-history.ts';
import type { Setup } from '../setup/setup.ts';
import type { TrainedModel } from '../training/worker-pool.ts';

/** A file of the visitor that is kept, and how it was described. */
export interface KeptFile {
  readonly key: string;
  readonly name: string;
  readonly options: TableOptions;
}

/** A comparison that the browser keeps. Its trials and models are kept by its setting. */
export interface KeptComparison {
  /** The setup as an address, and the file: a comparison of the same replaces it. */
  readonly id: string;
  /** When it was last started or had a trial, in ms. */
  readonly at: number;
  readonly setup: Setup;
  /** Undefined for data of the page. */
  readonly file: KeptFile | undefined;
  /** The program that trained it. Trials of another one are shown, and not continued. */
  readonly program: string;
  /** The `settingKey` of its trials. Undefined before the first one. */
  readonly setting: string | undefined;
  readonly asked: Asked;
  readonly finished: number;
  readonly isDone: boolean;
}

/** A trained model with the epochs that were measured. */
export interface KeptModel extends TrainedModel {
  readonly epochs: readonly HistoryEpoch[];
}

interface Stores extends DBSchema {
  comparisons: { key: string; value: KeptComparison };
  trials: { key: string; value: { setting: string; result: Result }; indexes: { setting: string } };
  models: { key: string; value: KeptModel & { setting: string }; indexes: { setting: string } };
  files: { key: string; value: Blob };
}

const SETTINGS = ['trials', 'models'] as const;

/** What the browser keeps for the page, in IndexedDB. Each call opens the database by itself and may fail: see `keeper`. */
export const keptData = {
  comparisons: () => inDatabase((database) => database.getAll('comparisons')),
  comparison: (id: string) => inDatabase((database) => database.get('comparisons', id)),
  putComparison: (comparison: KeptComparison) => inDatabase((database) => database.put('comparisons', comparison)),

  /** Removes a comparison, and the trials, models and files that no other one has. @param files the keys of files that are open */
  remove: (id: string, files: readonly string[]) =>
    inDatabase(async (database) => {
      await database.delete('comparisons', id);
      const rest = await database.getAll('comparisons');
      const settings = new Set(rest.map((each) => settingOf(each.program, each.setting)));
      for (const store of SETTINGS) {
        const { store: all, done } = database.transaction(store, 'readwrite');
        for (let cursor = await all.openCursor(); cursor; cursor = await cursor.continue())
          if (!settings.has(cursor.value.setting)) await cursor.delete();
        await done;
      }
      const used = new Set([...files, ...rest.map(({ file }) => file?.key)]);
      for (const key of await database.getAllKeys('files')) if (!used.has(key)) await database.delete('files', key);
    }),

  trial: (program: string, place: string) =>
    inDatabase(async (database) => (await database.get('trials', keyOf(program, place)))?.result),
  trials: (program: string, setting: string) =>
    inDatabase(async (database) =>
      (await database.getAllFromIndex('trials', 'setting', settingOf(program, setting))).map(({ result }) => result),
    ),
  /** Keeps a result, unless there is one of its place. */
  putTrial: (program: string, place: string, setting: string, result: Result) =>
    inDatabase(async (database) => {
      const key = keyOf(program, place);
      if (!(await database.getKey('trials', key)))
        await database.put('trials', { setting: settingOf(program, setting), result }, key);
    }),

  /** @param key the trial's `trialKey` */
  model: (program: string, key: string): Promise<KeptModel | undefined> =>
    inDatabase((database) => database.get('models', keyOf(program, key))),
  putModel: (program: string, key: string, setting: string, model: KeptModel) =>
    inDatabase((database) =>
      database.put('models', { ...model, setting: settingOf(program, setting) }, keyOf(program, key)),
    ),

  file: (key: string) => inDatabase((database) => database.get('files', key)),
  putFile: (key: string, file: File) =>
    inDatabase(async (database) => {
      if (!(await database.getKey('files', key))) await database.put('files', file, key);
    }),
};

const keyOf = (program: string, key: string) => `${program} ${key}`;
const settingOf = (program: string, setting: string | undefined) => keyOf(program, setting ?? '');

async function inDatabase<R>(use: (database: IDBPDatabase<Stores>) => Promise<R>): Promise<R> {
  const database = await openDB<Stores>('polytask-playground', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('comparisons', { keyPath: 'id' });
      fresh.createObjectStore('files');
      for (const store of SETTINGS) fresh.createObjectStore(store).createIndex('setting', 'setting');
    },
  });
  try {
    return await use(database);
  } finally {
    database.close(); // an open database would block a later version of it in other tabs
  }
}
