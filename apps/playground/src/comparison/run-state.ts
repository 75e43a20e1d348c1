import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Failure, type Suite, type Summary, trialKey, type TrialPlace, type TrialResult } from '@polytask/study';
import type { Remote } from 'comlink';
import { type HistoryEpoch, historyOfTrial, type ModelHistory } from './model-history.ts';
import type { StatisticsWorker } from './statistics-worker.ts';

export type Status = 'ready' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped';

/** What a comparison was asked for. */
export interface Asked {
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  readonly baseline: string;
  /** The labels of all models, in the order of the rows. */
  readonly order: readonly string[];
}

/** A trial that runs now. */
export interface RunningTrial extends Pick<TrialPlace, 'model' | 'seed' | 'epochs'> {
  /** The last finished epoch. */
  readonly epoch: number;
}

/** The state of a comparison, as the page shows it. */
export interface RunView {
  readonly status: ReadonlySignal<Status>;
  readonly asked: ReadonlySignal<Asked | undefined>;
  /** The finished trials of what was asked. */
  readonly trials: ReadonlySignal<readonly TrialResult[]>;
  /** Undefined without a finished trial. */
  readonly summary: ReadonlySignal<Summary | undefined>;
  readonly running: ReadonlySignal<readonly RunningTrial[]>;
  /** What a search does, in words. Undefined without one. */
  readonly search: ReadonlySignal<string | undefined>;
  /** The training of each model with the first seed. */
  readonly histories: ReadonlySignal<readonly ModelHistory[]>;
  readonly notes: ReadonlySignal<readonly string[]>;
  readonly failures: ReadonlySignal<readonly Failure[]>;
  /** The error that ended the comparison. */
  readonly problem: ReadonlySignal<Error | undefined>;
}

/** The state of a comparison, as its run changes it. */
export interface RunState {
  readonly view: RunView;
  readonly status: Signal<Status>;
  readonly asked: Signal<Asked | undefined>;
  /** All finished trials of the setting, those of other models and seeds included. */
  readonly finished: Signal<readonly TrialResult[]>;
  readonly search: Signal<string | undefined>;
  readonly notes: Signal<readonly string[]>;
  readonly failures: Signal<readonly Failure[]>;
  readonly problem: Signal<Error | undefined>;
  /** Forgets all but the measured epochs: a trial that is shown again has them. */
  clear(): void;
  /** Notes that a trial is at an epoch; undefined: that it runs no more. */
  moveTo(place: TrialPlace | Failure, epoch: number | undefined): void;
  /** Notes that the trial of a key is the first one of its model. */
  beginHistory(model: string, key: string): void;
  /** @param epoch the 1-based number */
  addEpoch(key: string, epoch: number, measured: HistoryEpoch): void;
  /** Waits until the summary has all finished trials. */
  summarized(): Promise<void>;
}

/** @param statistics the worker that summarizes trials */
export function createRunState(statistics: Remote<StatisticsWorker>): RunState {
  const status = signal<Status>('ready');
  const asked = signal<Asked | undefined>(undefined);
  const finished = signal<readonly TrialResult[]>([]);
  const summary = signal<Summary | undefined>(undefined);
  const running = signal<readonly RunningTrial[]>([]);
  const search = signal<string | undefined>(undefined);
  const notes = signal<readonly string[]>([]);
  const failures = signal<readonly Failure[]>([]);
  const problem = signal<Error | undefined>(undefined);
  /** By the key of a trial. */
  const measured = signal<ReadonlyMap<string, readonly HistoryEpoch[]>>(new Map());
  /** The key of the first trial of each model. */
  const firstKeys = signal<ReadonlyMap<string, string>>(new Map());

  const trials = computed(() => {
    const { models = [], seeds = [] } = asked.value ?? {};
    return finished.value.filter(({ model, seed }) => models.includes(model) && seeds.includes(seed));
  });
  const histories = computed(() => {
    const { models = [], seeds = [] } = asked.value ?? {};
    return models.flatMap((model): ModelHistory[] => {
      const seed = seeds[0]!;
      const trial = trials.value.find((each) => each.model === model && each.seed === seed);
      const key = trial ? trialKey(trial) : firstKeys.value.get(model);
      const epochs = key === undefined ? undefined : measured.value.get(key);
      if (epochs) return [{ model, seed, epochs }];
      return trial ? [historyOfTrial(trial)] : [];
    });
  });

  let summarized = Promise.resolve();
  effect(() => {
    const shown = trials.value;
    const { baseline, order } = asked.value ?? {};
    if (shown.length === 0 || baseline === undefined || !order) {
      summary.value = undefined;
      return;
    }
    summarized = statistics.summarize(shown, { baseline, order, failures: failures.value }).then((result) => {
      if (trials.peek() === shown) summary.value = result;
    });
  });

  return {
    view: { status, asked, trials, summary, running, search, histories, notes, failures, problem },
    ...{ status, asked, finished, search, notes, failures, problem },
    clear() {
      finished.value = [];
      running.value = [];
      search.value = undefined;
      firstKeys.value = new Map();
      failures.value = [];
      notes.value = [];
      problem.value = undefined;
    },
    moveTo({ model, seed, ...place }, epoch) {
      const others = running.value.filter((each) => each.model !== model || each.seed !== seed);
      const isOver = epoch === undefined || !('epochs' in place);
      running.value = isOver ? others : [...others, { model, seed, epoch, epochs: place.epochs }];
    },
    beginHistory: (model, key) => void (firstKeys.value = new Map([...firstKeys.value, [model, key]])),
    addEpoch(key, epoch, added) {
      const before = measured.value.get(key)?.slice(0, epoch - 1) ?? [];
      measured.value = new Map([...measured.value, [key, [...before, added]]]);
    },
    summarized: () => summarized,
  };
}

/** What a suite asks for. */
export const askedBy = ({ models, seeds, baseline, order }: Suite): Asked => ({
  models: models.map(({ label }) => label),
  ...{ seeds, baseline, order },
});
