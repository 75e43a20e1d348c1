import { batch, computed, effect, signal } from '@preact/signals';
import { CENSUS, censusSample } from './data/census-sample.ts';
import {
  type DescribedTable,
  describeTable,
  remediesTaken,
  tableOf,
  type TableOptions,
} from './data/described-table.ts';
import { createComparison, type WorkerStarts } from './comparison/comparison.ts';
import { keepResults } from './comparison/keep-results.ts';
import { fetchResults, type ResultSet, resultSets } from './exchange/result-sets.ts';
import { readShared, sharedText } from './exchange/shared-result.ts';
import type { KeptComparison, KeptFile } from './keeping/kept-data.ts';
import { createKeeper } from './keeping/keeper.ts';
import { remembered } from './keeping/tab-memory.ts';
import { LESSON_SETUPS, LESSONS } from './lessons/lessons.ts';
import { addressOf, readAddress } from './setup/setup-address.ts';
import type { Setup, Source } from './setup/setup.ts';
import { type Origin, staleParts } from './setup/stale.ts';
import { suiteOfSetup } from './setup/suite-of-setup.ts';
import trialWorker from './training/trial-worker.ts?worker&url';
import { createTrying } from './trying/trying.ts';

/** How many workers a page takes at most: each holds the data and a model. */
const MOST_WORKERS = 4;

const WORKERS: WorkerStarts = {
  trials: () => new Worker(trialWorker, { type: 'module' }),
  statistics: () => new Worker(new URL('./comparison/statistics-worker.ts', import.meta.url), { type: 'module' }),
};

/** The settings that a result on the page belongs to. */
export interface ResultOrigin extends Origin {
  /** Undefined for a result that isn't kept, such as a shared one. */
  readonly id: string | undefined;
  readonly file: KeptFile | undefined;
  readonly program: string;
}

/** The state of the page, and what a visitor can do. It begins with the address of the page, and keeps the address up to date. */
export function createPageState() {
  const first = readAddress(location.hash, LESSON_SETUPS);
  const setup = signal(first.setup);
  /** The name of the open lesson. */
  const lesson = signal(first.lesson);
  const resultsAddress = signal(first.results);
  /** The text of a shared result in the address, and the day of that result. */
  const [shared, sharedDay] = [signal(first.shared), signal<string | undefined>(undefined)];
  /** What could not be done, in sentences. */
  const faults = signal<readonly string[]>(first.faults);
  const tables = signal<Partial<Record<Source, DescribedTable>>>({});
  /** The table of the source that is chosen. Undefined for synthetic tasks, and until a file is there. */
  const table = computed(() => tables.value[setup.value.source]);
  /** The result sets of a file of the command line. */
  const results = signal<readonly ResultSet[]>([]);
  const origin = signal<ResultOrigin | undefined>(undefined);
  /** What was copied of the result, in words. */
  const copied = signal('');
  const keeper = createKeeper(trialWorker.split('/').at(-1)!); // its name has a hash of the program
  const comparison = createComparison(Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2), WORKERS, keeper);
  /** The settings in which the result on the page differs from those that are chosen. */
  const stale = computed(() => {
    const here = { setup: setup.value, table: tableText(table.value, setup.value) };
    return origin.value && comparison.status.value !== 'preparing' ? staleParts(origin.value, here) : [];
  });
  /** The file of the visitor that is open. */
  const file = computed(() => {
    const { file: content, options } = tables.value.file ?? {};
    return content && options && { key: keyOf(content), name: content.name, options };
  });

  const addFault = (fault: string) => void (faults.value = [...faults.value, fault]);
  /** Runs what may fail. An error becomes a fault on the page. */
  const tryTo = async (action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      addFault(error instanceof Error ? error.message : String(error));
    }
  };
  /** The same for what a visitor does, after which earlier faults are gone. */
  const attempt = (action: () => Promise<void>) => {
    faults.value = [];
    return tryTo(action);
  };
  /** Leaves results of elsewhere. */
  const leaveOthers = () => {
    results.value = [];
    resultsAddress.value = undefined;
    shared.value = undefined;
    sharedDay.value = undefined;
  };
  /** Shows one of the result sets. */
  const showResults = (set: ResultSet) => {
    origin.value = undefined;
    comparison.show({ trials: set.trials });
  };
  const openResults = async (content: File) => {
    results.value = await resultSets(content);
    showResults(results.value[0]!);
  };
  const openShared = async (text: string) => {
    const { day, ...result } = await readShared(text);
    if (shared.value !== text) return;
    batch(() => {
      sharedDay.value = day;
      origin.value = { ...{ setup: setup.value, table: tableText(table.value, setup.value) }, ...NOT_KEPT };
      comparison.show(result);
    });
  };
  /** The options that a visitor chose last, whose description may not be there yet. */
  const asked = new Map<Source, TableOptions>();
  const describe = async (source: Source, content: File, options: TableOptions = {}) => {
    asked.set(source, options);
    const described = await describeTable(content, comparison.pool, options).catch((error: unknown) => {
      asked.set(source, tables.value[source]?.options ?? {});
      throw error;
    });
    if (asked.get(source) !== options) return;
    tables.value = { ...tables.value, [source]: described };
    if (source === 'file') void keeper.keepFile(keyOf(content), content);
  };
  let census: Promise<void> | undefined;
  /** The table of a setup, which is fetched if it is one of the page. */
  const tableFor = async ({ source }: Setup): Promise<DescribedTable | undefined> => {
    if (source === 'synthetic') return undefined;
    if (source === 'census' && !tables.value.census) {
      census ??= censusSample().then((sample) => describe('census', sample, { tasks: CENSUS.tasks }));
      await census.finally(() => (census = undefined)); // what failed can be tried again
    }
    const found = tables.value[source];
    if (!found) throw new Error('Choose a CSV file first.');
    return found;
  };
  const run = async (chosen: Setup) => {
    const described = await tableFor(chosen);
    const opened = described && tableOf(described);
    leaveOthers();
    origin.value = undefined;
    copied.value = '';
    await comparison.start({
      declaration: suiteOfSetup(chosen, opened?.name),
      table: opened,
      tradeOffs: chosen.tradeOffs === 'yes',
      onPlanned() {
        const own = chosen.source === 'file' ? file.value : undefined;
        const id = `${addressOf(chosen)} ${own ? JSON.stringify(own) : ''}`;
        const program = keeper.program;
        origin.value = { id, file: own, program, setup: chosen, table: tableText(described, chosen) };
      },
    });
  };
  /** Opens the file of a comparison again. @returns a sentence if it isn't there */
  const reopen = async ({ key, name, options }: KeptFile): Promise<string | undefined> => {
    if (JSON.stringify(file.value) === JSON.stringify({ key, name, options })) return undefined;
    const content = file.value?.key === key ? tables.value.file!.file : await keeper.file(key, name);
    if (!content) return `${name} is no longer in this browser. Choose the file again to train on it.`;
    await describe('file', content, options);
    return undefined;
  };
  /** Shows a kept comparison. @param isContinued whether its training goes on */
  const showKept = async (kept: KeptComparison, isContinued: boolean) => {
    const missing = kept.file && (await reopen(kept.file));
    if (missing) addFault(missing);
    const isTrained = (isContinued || kept.setup.tradeOffs === 'yes') && kept.program === keeper.program && !missing;
    if (isTrained) return run(kept.setup);
    const trials = await keeper.trialsOf(kept);
    if (trials.length === 0) throw new Error('No trial of this comparison was kept. Press Compare to train it.');
    leaveOthers();
    const words = missing ? kept.file?.name : tableText(tables.value.file, kept.setup);
    batch(() => {
      origin.value = { id: kept.id, file: kept.file, program: kept.program, setup: kept.setup, table: words };
      comparison.show({ trials, asked: kept.asked, isDone: kept.isDone });
    });
  };
  /** Goes on with what the tab had before a reload. */
  const restore = async () => {
    const tab = remembered();
    await keeper.readList();
    if (first.results === undefined && first.shared === undefined)
      await tryTo(async () => {
        const missing = tab.file && setup.value.source === 'file' && (await reopen(tab.file));
        if (missing) addFault(missing);
        const kept = keeper.list.value.find(({ id }) => id === tab.comparison);
        if (kept) await showKept(kept, tab.isRunning === true);
        else if (tab.isRunning) await run(setup.value);
      });
  };

  effect(() => {
    const opened = { lesson: lesson.value, results: resultsAddress.value, shared: shared.value };
    const address = addressOf(setup.value, opened);
    const before = location.hash.replace(/^#/, '');
    if (address === before) return;
    const turns = readAddress(before, LESSON_SETUPS).lesson !== opened.lesson; // a step that the way back undoes
    history[turns ? 'pushState' : 'replaceState'](undefined, '', `#${address}`);
  });
  effect(() => {
    const name = lesson.value;
    document.title = `${name === undefined ? '' : `${LESSONS[name]!.title} · `}Polytask playground`;
  });
  effect(() => {
    if (setup.value.source === 'census' && !tables.value.census)
      void tryTo(async () => void (await tableFor(setup.value)));
  });
  effect(() => {
    const address = resultsAddress.value;
    if (address !== undefined) void tryTo(async () => openResults(await fetchResults(address, location.href)));
  });
  effect(() => {
    const text = shared.value;
    if (text === undefined) return;
    void tryTo(() => openShared(text)).then(() => {
      if (sharedDay.value === undefined && shared.value === text) shared.value = undefined; // the normal page, with the fault
    });
  });
  addEventListener('hashchange', () => {
    const read = readAddress(location.hash, LESSON_SETUPS);
    batch(() => {
      setup.value = read.setup;
      lesson.value = read.lesson;
      resultsAddress.value = read.results;
      if (shared.value !== read.shared) sharedDay.value = undefined;
      shared.value = read.shared;
      faults.value = read.faults;
    });
  });
  void restore().finally(() => keepResults({ comparison, keeper, origin, file }));

  return {
    ...{ setup, lesson, table, comparison, faults, results, attempt, origin, stale, keeper, sharedDay, copied },
    trying: createTrying(WORKERS.trials),
    change(changes: Partial<Setup>) {
      setup.value = { ...setup.value, ...changes };
    },
    openLesson(name: string | undefined) {
      batch(() => {
        lesson.value = name;
        if (name !== undefined) setup.value = LESSON_SETUPS[name]!;
      });
    },
    /** Takes a CSV file as the source, or shows a `results.jsonl`, which may be compressed (`.gz`). */
    takeFile: (content: File) =>
      attempt(async () => {
        if (/\.jsonl(\.gz)?$/.test(content.name)) {
          leaveOthers();
          await openResults(content);
        } else {
          await describe('file', content);
          setup.value = { ...setup.value, source: 'file' };
        }
      }),
    showResults,
    /** Describes the table again with other labels, another delimiter, or remedies. */
    describeAgain: (next: (options: TableOptions) => TableOptions) =>
      attempt(async () => {
        const [current, { source }] = [table.value, setup.value];
        if (current) await describe(source, current.file, next(asked.get(source)!));
      }),
    compare: () => attempt(() => run(setup.value)),
    /** Opens a comparison of an earlier visit, with its settings. */
    openKept: (kept: KeptComparison) =>
      attempt(async () => {
        batch(() => {
          lesson.value = undefined;
          setup.value = kept.setup;
        });
        await showKept(kept, false);
      }),
    /** Forgets a comparison, and the trials, models and files that no other one has. */
    forget: (kept: KeptComparison) => keeper.remove(kept.id, file.value ? [file.value.key] : []),
    /** Copies an address that shows the result with its settings in another browser. */
    copyResultLink: (day: string) =>
      attempt(async () => {
        const text = sharedText({ asked: comparison.asked.value!, trials: comparison.trials.value, day });
        const hash = addressOf(origin.value?.setup ?? setup.value, { shared: text });
        await navigator.clipboard.writeText(`${location.href.split('#')[0]}#${hash}`);
        copied.value = `Copied: a link of ${hash.length.toLocaleString('en-US')} characters.`;
      }),
    /** Goes back to the settings of the result. */
    backToResult() {
      if (origin.value) setup.value = origin.value.setup;
    },
  };
}

export type PageState = ReturnType<typeof createPageState>;

const NOT_KEPT = { id: undefined, file: undefined, program: '' };

/** A file's name in storage. */
const keyOf = ({ name, size, lastModified }: File) => `${name} ${size} ${lastModified}`;

/** A table of the visitor in words: `people.csv (bought, liked; without visit)`. */
const tableText = (table: DescribedTable | undefined, { source }: Setup): string | undefined =>
  source === 'file' && table
    ? `${table.file.name} (${[table.description.tasks.map(({ column }) => column).join(', '), ...remediesTaken(table.options)].join('; ')})`
    : undefined;
