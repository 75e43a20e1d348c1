import { signal } from '@preact/signals';
import {
  isScore,
  placeOf,
  type Result,
  settingKey,
  testedOf,
  type TrialResult,
  type TrialStore,
} from '@polytask/study';
import { keptData, type KeptComparison, type KeptModel } from './kept-data.ts';
import { noRoomFor, storageFault } from './storage-fault.ts';

/** How many comparisons are kept. */
const MOST = 12;

/** What is kept, in messages. */
const COMPARISON = 'This comparison';

/** Keeps the trials, models and files of the page in the browser. A storage that refuses is said once, and nothing else stops. */
export type Keeper = ReturnType<typeof createKeeper>;

/** @param program what tells the program that trains from earlier ones, whose trials are not continued */
export function createKeeper(program: string) {
  /** The comparisons that are kept, the latest first. */
  const list = signal<readonly KeptComparison[]>([]);
  /** What can't be kept and why, in sentences. */
  const faults = signal<readonly string[]>([]);
  const say = (sentence: string) => {
    if (!faults.value.includes(sentence)) faults.value = [...faults.value, sentence];
  };
  const attempt = async <R>(what: string, action: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await action();
    } catch (error) {
      say(storageFault(error, what));
      return undefined;
    }
  };
  let writes: Promise<unknown> = Promise.resolve();
  /** Writes one after the other, in the order of the calls. */
  const write = (what: string, action: () => Promise<unknown>) => (writes = writes.then(() => attempt(what, action)));
  const readList = async () => {
    const all = (await attempt(COMPARISON, keptData.comparisons)) ?? [];
    list.value = [...all].sort((a, b) => b.at - a.at);
  };
  const keepTrial = (result: Result) => {
    const setting = isScore(result) ? '' : settingKey(result);
    return write(COMPARISON, () => keptData.putTrial(program, placeOf(result), setting, result));
  };

  return {
    ...{ list, faults, program, readList },
    /** A store that keeps each result, and finds those of earlier visits. */
    around: (memory: TrialStore): TrialStore => ({
      ...memory,
      async find(spec) {
        const known = await memory.find(spec);
        if (known) return known;
        const earlier = await attempt(COMPARISON, () => keptData.trial(program, placeOf(spec)));
        if (earlier) await memory.append(earlier);
        return earlier;
      },
      async append(result, options) {
        await memory.append(result, options);
        void keepTrial(result);
      },
    }),
    model: (key: string) => attempt(COMPARISON, () => keptData.model(program, key)),
    keepModel: (key: string, setting: string, model: KeptModel) =>
      void write(COMPARISON, () => keptData.putModel(program, key, setting, model)),
    comparison: (id: string) => attempt(COMPARISON, () => keptData.comparison(id)),
    trialsOf: async (kept: KeptComparison): Promise<TrialResult[]> => {
      const { setting } = kept;
      const all = setting && (await attempt(COMPARISON, () => keptData.trials(kept.program, setting)));
      return testedOf(all || []);
    },
    /** Keeps a comparison, and removes the oldest ones beyond the most. @param files the keys of files that are open */
    keep: (comparison: KeptComparison, files: readonly string[]) =>
      write(COMPARISON, async () => {
        await keptData.putComparison(comparison);
        await readList();
        for (const { id } of list.value.slice(MOST)) await keptData.remove(id, files);
        if (list.value.length > MOST) await readList();
      }),
    /** Keeps trials that a comparison has from the memory of the page. */
    keepTrials: (trials: readonly TrialResult[]) => trials.forEach((trial) => void keepTrial(trial)),
    remove: (id: string, files: readonly string[]) =>
      write(COMPARISON, async () => {
        await keptData.remove(id, files);
        await readList();
      }),
    file: async (key: string, name: string): Promise<File | undefined> => {
      const blob = await attempt(name, () => keptData.file(key));
      return blob && (blob instanceof File ? blob : new File([blob], name));
    },
    /** Keeps a file, if it has room. */
    keepFile: async (key: string, file: File) => {
      const estimate = await navigator.storage?.estimate?.().catch(() => ({}));
      const problem = noRoomFor(file, estimate ?? {});
      if (problem) say(problem);
      else await write(file.name, () => keptData.putFile(key, file));
    },
  };
}
