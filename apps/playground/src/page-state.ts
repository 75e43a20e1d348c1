import { computed, effect, signal } from '@preact/signals';
import { CENSUS, censusSample } from './data/census-sample.ts';
import { type DescribedTable, describeTable, tableOf, type TableOptions } from './data/described-table.ts';
import { createComparison, type WorkerStarts } from './comparison/comparison.ts';
import { fetchResults, type ResultSet, resultSets } from './exchange/result-sets.ts';
import { LESSON_SETUPS } from './lessons/lessons.ts';
import { addressOf, readAddress } from './setup/setup-address.ts';
import type { Setup, Source } from './setup/setup.ts';
import { suiteOfSetup } from './setup/suite-of-setup.ts';

/** How many workers a page takes at most: each holds the data and a model. */
const MOST_WORKERS = 4;

const WORKERS: WorkerStarts = {
  trials: () => new Worker(new URL('./training/trial-worker.ts', import.meta.url), { type: 'module' }),
  statistics: () => new Worker(new URL('./comparison/statistics-worker.ts', import.meta.url), { type: 'module' }),
};

/** The state of the page, and what a visitor can do. It begins with the address of the page, and keeps the address up to date. */
export function createPageState() {
  const first = readAddress(location.hash, LESSON_SETUPS);
  const setup = signal(first.setup);
  /** The name of the open lesson. */
  const lesson = signal(first.lesson);
  const resultsAddress = signal(first.results);
  /** What could not be done, in sentences. */
  const faults = signal<readonly string[]>(first.faults);
  const tables = signal<Partial<Record<Source, DescribedTable>>>({});
  /** The table of the source that is chosen. Undefined for synthetic tasks, and until a file is there. */
  const table = computed(() => tables.value[setup.value.source]);
  /** The result sets of a file of the command line. */
  const results = signal<readonly ResultSet[]>([]);
  const comparison = createComparison(Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2), WORKERS);

  /** Runs what may fail. An error becomes a fault on the page. */
  const attempt = async (action: () => Promise<void>) => {
    faults.value = [];
    try {
      await action();
    } catch (error) {
      faults.value = [error instanceof Error ? error.message : String(error)];
    }
  };
  /** Shows one of the result sets. */
  const showResults = (set: ResultSet) => comparison.show(set.trials);
  const openResults = async (file: File) => {
    results.value = await resultSets(file);
    showResults(results.value[0]!);
  };
  const describe = async (source: Source, file: File, options?: TableOptions) => {
    const described = await describeTable(file, comparison.pool, options);
    tables.value = { ...tables.value, [source]: described };
    setup.value = { ...setup.value, source };
  };

  effect(() => {
    const address = addressOf(setup.value, { lesson: lesson.value, results: resultsAddress.value });
    if (address !== location.hash.replace(/^#/, '')) history.replaceState(undefined, '', `#${address}`);
  });
  effect(() => {
    if (setup.value.source === 'census' && !tables.value.census)
      void attempt(async () => describe('census', await censusSample(), { tasks: CENSUS.tasks }));
  });
  effect(() => {
    const address = resultsAddress.value;
    if (address !== undefined) void attempt(async () => openResults(await fetchResults(address, location.href)));
  });
  addEventListener('hashchange', () => {
    const read = readAddress(location.hash, LESSON_SETUPS);
    setup.value = read.setup;
    lesson.value = read.lesson;
    resultsAddress.value = read.results;
    faults.value = read.faults;
  });

  return {
    ...{ setup, lesson, table, comparison, faults, results, attempt },
    change(changes: Partial<Setup>) {
      setup.value = { ...setup.value, ...changes };
    },
    openLesson(name: string | undefined) {
      lesson.value = name;
      if (name !== undefined) setup.value = LESSON_SETUPS[name]!;
    },
    /** Takes a CSV file as the source, or shows a `results.jsonl`, which may be compressed (`.gz`). */
    takeFile: (file: File) =>
      attempt(async () => {
        if (!/\.jsonl(\.gz)?$/.test(file.name)) return describe('file', file);
        resultsAddress.value = undefined;
        await openResults(file);
      }),
    showResults,
    /** Describes the table again with these labels, or this delimiter. */
    describeAgain: (options: TableOptions) =>
      attempt(async () => {
        const current = table.value;
        if (current) await describe(setup.value.source, current.file, { ...current.options, ...options });
      }),
    compare: () =>
      attempt(async () => {
        const needsTable = setup.value.source !== 'synthetic';
        if (needsTable && !table.value) throw new Error('Choose a CSV file first.');
        results.value = [];
        resultsAddress.value = undefined;
        const chosen = needsTable ? tableOf(table.value!) : undefined;
        const declaration = suiteOfSetup(setup.value, chosen?.name);
        await comparison.start({ declaration, table: chosen, tradeOffs: setup.value.tradeOffs === 'yes' });
      }),
  };
}

export type PageState = ReturnType<typeof createPageState>;
