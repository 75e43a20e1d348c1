import { computed, effect, signal } from '@preact/signals';
import {
  type Failure,
  type Suite,
  type Summary,
  trialKey,
  type TrialPosition,
  type TrialResult,
} from '@polytask/study';
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
export interface RunningTrial extends Pick<TrialPosition, 'model' | 'seed' | 'epochs'> {
  /** The last finished epoch. */
  readonly epoch: number;
}

/** The state of a comparison. @param statistics the worker that summarizes trials */
export function createRunState(statistics: Remote<StatisticsWorker>) {
  const status = signal<Status>('ready');
  const asked = signal<Asked | undefined>(undefined);
  /** All finished trials of the setting, those of other models and seeds included. */
  const finished = signal<readonly TrialResult[]>([]);
  /** Undefined without a finished trial. */
  const summary = signal<Summary | undefined>(undefined);
  const running = signal<readonly RunningTrial[]>([]);
  /** What a search does, in words. Undefined without one. */
  const search = signal<string | undefined>(undefined);
  const notes = signal<readonly string[]>([]);
  const failures = signal<readonly Failure[]>([]);
  /** The error that ended the comparison. */
  const problem = signal<Error | undefined>(undefined);
  /** By the key of a trial. */
  const measured = signal<ReadonlyMap<string, readonly HistoryEpoch[]>>(new Map());
  /** The key of the first trial of each model. */
  const firstKeys = signal<ReadonlyMap<string, string>>(new Map());

  /** The finished trials of what was asked. */
  const trials = computed(() => {
    const { models = [], seeds = [] } = asked.value ?? {};
    return finished.value.filter(({ model, seed }) => models.includes(model) && seeds.includes(seed));
  });
  /** The training of each model with the first seed. */
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
    /** What the page shows. */
    view: { status, asked, trials, summary, running, search, histories, notes, failures, problem },
    finished,
    /** Forgets all but the measured epochs: a trial that is shown again has them. */
    clear() {
      finished.value = [];
      running.value = [];
      search.value = undefined;
      firstKeys.value = new Map();
      failures.value = [];
      notes.value = [];
      problem.value = undefined;
    },
    /** Notes that a trial is at an epoch; undefined: that it runs no more. */
    moveTo({ model, seed, ...place }: TrialPosition | Failure, epoch: number | undefined) {
      const others = running.value.filter((each) => each.model !== model || each.seed !== seed);
      const isOver = epoch === undefined || !('epochs' in place);
      running.value = isOver ? others : [...others, { model, seed, epoch, epochs: place.epochs }];
    },
    /** Notes that the trial of a key is the first one of its model. */
    beginHistory: (model: string, key: string) => void (firstKeys.value = new Map([...firstKeys.value, [model, key]])),
    /** @param epoch the 1-based number */
    addEpoch(key: string, epoch: number, added: HistoryEpoch) {
      const before = measured.value.get(key)?.slice(0, epoch - 1) ?? [];
      measured.value = new Map([...measured.value, [key, [...before, added]]]);
    },
    epochsOf: (key: string): readonly HistoryEpoch[] => measured.value.get(key) ?? [],
    setEpochs(key: string, epochs: readonly HistoryEpoch[]) {
      if (epochs.length > 0) measured.value = new Map([...measured.value, [key, epochs]]);
    },
    /** Waits until the summary has all finished trials. */
    summarized: () => summarized,
  };
}

/** What a suite asks for. */
export const askedBy = ({ models, seeds, baseline, order }: Suite): Asked => ({
  models: models.map(({ label }) => label),
  ...{ seeds, baseline, order },
});
