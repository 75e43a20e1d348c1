import type { BundleFiles } from '@polytask/core';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import {
  type Failure,
  memoryStore,
  runStudy,
  settingKey,
  suiteOf,
  type Summary,
  type SuiteDeclaration,
  trialKey,
  type TrialResult,
  type TrialSpec,
} from '@polytask/study';
import { wrap } from 'comlink';
import type { Table } from '../training/trial-worker-contract.ts';
import { type WorkerPool, workerPool } from '../training/worker-pool.ts';
import { dataInWorkers, suiteLoader } from './data-in-workers.ts';
import type { StatisticsWorker } from './statistics-worker.ts';
import { type HistoryEpoch, historyOfTrial, measuredEpoch, type ModelHistory } from './model-history.ts';

export type Status = 'ready' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped';

/** A trial that runs now. */
export interface RunningTrial {
  readonly model: string;
  readonly seed: number;
  /** The last finished epoch, and the largest number of epochs. */
  readonly epoch: number;
  readonly epochs: number;
}

/** What a comparison was asked for. */
export interface Asked {
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  readonly baseline: string;
  /** The labels of all models, in the order of the rows. */
  readonly order: readonly string[];
}

/** A comparison of models on the page, while it runs and afterwards. */
export interface Comparison {
  readonly status: ReadonlySignal<Status>;
  readonly asked: ReadonlySignal<Asked | undefined>;
  /** The finished trials of what was asked. */
  readonly trials: ReadonlySignal<readonly TrialResult[]>;
  /** Undefined without a finished trial. */
  readonly summary: ReadonlySignal<Summary | undefined>;
  readonly running: ReadonlySignal<ReadonlyMap<string, RunningTrial>>;
  /** The training of each model with the first seed. */
  readonly histories: ReadonlySignal<readonly ModelHistory[]>;
  readonly notes: ReadonlySignal<readonly string[]>;
  readonly failures: ReadonlySignal<readonly Failure[]>;
  /** The error that ended the comparison. */
  readonly problem: ReadonlySignal<Error | undefined>;
  readonly pool: WorkerPool;
  /** Runs a suite, after it has stopped another one. Trials that the page has already are not repeated. */
  start(declaration: SuiteDeclaration, table: Table | undefined): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  /** Shows trials of elsewhere that have one setting. */
  show(trials: readonly TrialResult[]): void;
  /** The saved model of a trial that ran on this page. */
  modelOf(trial: TrialResult): BundleFiles | undefined;
}

/** What starts the workers of a page. */
export interface WorkerStarts {
  /** Starts `trial-worker.ts`. */
  readonly trials: () => Worker;
  /** Starts `statistics-worker.ts`. */
  readonly statistics: () => Worker;
}

/** @param places how many trials run at the same time */
export function createComparison(places: number, starts: WorkerStarts): Comparison {
  const status = signal<Status>('ready');
  const asked = signal<Asked | undefined>(undefined);
  const finished = signal<readonly TrialResult[]>([]);
  const measured = signal<ReadonlyMap<string, readonly HistoryEpoch[]>>(new Map());
  const firstKeys = signal<ReadonlyMap<string, string>>(new Map());
  const running = signal<ReadonlyMap<string, RunningTrial>>(new Map());
  const notes = signal<readonly string[]>([]);
  const failures = signal<readonly Failure[]>([]);
  const problem = signal<Error | undefined>(undefined);
  const models = new Map<string, BundleFiles>();
  const store = memoryStore();
  let abort = new AbortController();

  const pool = workerPool(places, starts.trials, {
    isMeasured(spec) {
      const isFirst = spec.seed === asked.value?.seeds[0];
      if (isFirst) firstKeys.value = new Map([...firstKeys.value, [spec.model, spec.key]]);
      return isFirst;
    },
    onMeasures: ({ key }, epoch, measures) => {
      const before = measured.value.get(key)?.slice(0, epoch - 1) ?? [];
      measured.value = new Map([...measured.value, [key, [...before, measuredEpoch(measures)]]]);
    },
    onTrained: ({ key }: TrialSpec, files) => void models.set(key, files),
  });

  const trials = computed(() => {
    const { models: wanted = [], seeds = [] } = asked.value ?? {};
    return finished.value.filter(({ model, seed }) => wanted.includes(model) && seeds.includes(seed));
  });
  const summary = signal<Summary | undefined>(undefined);
  const statistics = wrap<StatisticsWorker>(starts.statistics());
  let summarized = Promise.resolve();
  effect(() => {
    const shown = trials.value;
    const options = asked.value && {
      baseline: asked.value.baseline,
      order: asked.value.order,
      failures: failures.value,
    };
    if (shown.length === 0 || !options) summary.value = undefined;
    else
      summarized = statistics.summarize(shown, options).then((result) => {
        if (trials.peek() === shown) summary.value = result;
      });
  });
  const histories = computed(() =>
    (asked.value?.models ?? []).flatMap((model): ModelHistory[] => {
      const seed = asked.value!.seeds[0]!;
      const trial = trials.value.find((each) => each.model === model && each.seed === seed);
      const key = trial ? trialKey(trial) : firstKeys.value.get(model);
      const epochs = key === undefined ? undefined : measured.value.get(key);
      if (epochs) return [{ model, seed, epochs }];
      return trial ? [historyOfTrial(trial)] : [];
    }),
  );

  const clear = () => {
    finished.value = [];
    running.value = new Map();
    firstKeys.value = new Map();
    failures.value = [];
    notes.value = [];
    problem.value = undefined;
  };
  const moveTo = (placeKey: string, trial: RunningTrial | undefined) => {
    const next = new Map(running.value);
    if (trial) next.set(placeKey, trial);
    else next.delete(placeKey);
    running.value = next;
  };
  const stop = () => {
    abort.abort(new Error('The comparison was stopped.'));
    pool.resume();
  };

  return {
    ...{ status, asked, trials, summary, running, histories, notes, failures, problem, pool, stop },
    async start(declaration, table) {
      stop();
      const own = (abort = new AbortController());
      const isCurrent = () => abort === own;
      clear();
      status.value = 'preparing';
      try {
        const engine = await pool.prepare(async (worker) => {
          const started = await worker.start();
          return { ...started, facts: table && (await worker.open(table)) };
        });
        if (!isCurrent()) return;
        const { facts, ...trialEngine } = engine;
        const suite = await suiteOf({ suite: declaration }, suiteLoader(facts));
        const labels = suite.models.map(({ label }) => label);
        asked.value = { models: labels, seeds: suite.seeds, baseline: suite.baseline, order: suite.order };
        const outcome = await runStudy(suite, {
          engine: trialEngine,
          data: dataInWorkers(pool),
          executor: pool,
          store,
          signal: own.signal,
          listener: {
            onStart: () => void (status.value = 'running'),
            onNote: (message) => void (notes.value = [...notes.value, message]),
            onTrialStart: ({ model, seed, epochs }) => moveTo(`${model} ${seed}`, { model, seed, epoch: 0, epochs }),
            onEpoch: (epoch, { model, seed, epochs }) => moveTo(`${model} ${seed}`, { model, seed, epoch, epochs }),
            onTrialEnd: (trial) => {
              moveTo(`${trial.model} ${trial.seed}`, undefined);
              void store.read().then((all) => {
                if (isCurrent()) finished.value = all.filter((each) => settingKey(each) === settingKey(trial));
              });
            },
            onFailure: (failure) => {
              moveTo(`${failure.model} ${failure.seed}`, undefined);
              failures.value = [...failures.value, failure];
            },
          },
        });
        if (!isCurrent()) return;
        finished.value = outcome.trials;
        await summarized;
        status.value = 'done';
      } catch (error) {
        if (!isCurrent()) return;
        running.value = new Map();
        status.value = 'stopped';
        if (!own.signal.aborted) problem.value = error instanceof Error ? error : new Error(String(error));
      }
    },
    pause() {
      pool.pause();
      status.value = 'paused';
    },
    resume() {
      pool.resume();
      status.value = 'running';
    },
    show(shown) {
      stop();
      abort = new AbortController();
      clear();
      const labels = [...new Set(shown.map(({ model }) => model))];
      const seeds = [...new Set(shown.map(({ seed }) => seed))].sort((a, b) => a - b);
      const baseline = labels.includes('single-task') ? 'single-task' : labels[0]!;
      asked.value = { models: labels, seeds, baseline, order: labels };
      finished.value = shown;
      status.value = 'done';
    },
    modelOf: (trial) => models.get(trialKey(trial)),
  };
}
