import { findEntry } from '@polytask/components';
import { fail } from '@polytask/core';
import {
  BASELINE,
  isScore,
  memoryStore,
  openSetting,
  type RunListener,
  runStudyTrials,
  settingKey,
  createSuite,
  type SuiteDeclaration,
  trialKey,
  type TrialResult,
  type TrialStore,
  allSuites,
  type OpenedData,
  type SuiteLoader,
  type SuiteEntry,
  type WeightedSuite,
  weightedSuite,
} from '@polytask/study';
import { batch, signal as signalOf } from '@preact/signals';
import { wrap } from 'comlink';
import type { Table, SuiteFacts } from '../training/trial-worker.ts';
import { type TrainedModel, workerPool, type WorkerPool } from '../training/worker-pool.ts';
import type { Keeper } from '../keeping/keeper.ts';
import { measuredEpoch } from './model-history.ts';
import { type Asked, askedBy, createRunState } from './run-state.ts';
import type { StatisticsWorker } from './statistics-worker.ts';
import { documentName } from '../setup/suite-of-setup.ts';

/** What starts the workers of a page. */
export interface WorkerStarts {
  /** Starts `trial-worker.ts`. */
  readonly trials: () => Worker;
  /** Starts `statistics-worker.ts`. */
  readonly statistics: () => Worker;
}

/** What a page compares. */
export interface ComparisonRequest {
  readonly declaration: SuiteDeclaration;
  /** Undefined for synthetic tasks. */
  readonly table: Table | undefined;
  /** Whether each model is trained at several weights of the first task. */
  readonly tradeOffs: boolean;
  /** Called when it is known what will be trained. */
  readonly onPlanned?: () => void;
}

/** What is shown without a training. */
export interface ShownResult {
  readonly trials: readonly TrialResult[];
  /** Default: all models and seeds of the trials. */
  readonly asked?: Asked;
  /** Whether the comparison came to its end. Default: true. */
  readonly isDone?: boolean;
}

/**
 * A comparison of models on the page, while it runs and afterwards.
 *
 * @param places how many trials run at the same time
 * @param keeper keeps trials and models in the browser
 */
export function createComparison(places: number, starts: WorkerStarts, keeper: Keeper) {
  const state = createRunState(wrap<StatisticsWorker>(starts.statistics()));
  const { view, finished } = state;
  const { status, asked, search, notes, failures, problem } = view;
  /** The models at several weights of a task, where those are compared. */
  const weighted = signalOf<WeightedSuite | undefined>(undefined);
  /** By the keys of trials. */
  const models = signalOf<ReadonlyMap<string, TrainedModel>>(new Map());
  const addModel = (key: string, model: TrainedModel) => void (models.value = new Map([...models.value, [key, model]]));
  /** Shows the model of a trial that was trained earlier, with the epochs that were measured then. */
  const recall = async (key: string) => {
    if (models.value.has(key)) return;
    const kept = await keeper.model(key);
    if (!kept) return;
    batch(() => {
      addModel(key, kept);
      state.setEpochs(key, kept.epochs);
    });
  };
  const kept = keeper.around(memoryStore());
  const store: TrialStore = {
    ...kept,
    async find(spec) {
      const found = await kept.find(spec);
      if (found && !isScore(found)) await showTrialsOf(found);
      return found;
    },
  };
  let abort = new AbortController();

  const pool = workerPool(places, starts.trials, {
    isMeasured({ model, seed, key, measures }) {
      const isFirst = measures === 'test' && seed === asked.value?.seeds[0];
      if (isFirst) state.beginHistory(model, key);
      return isFirst;
    },
    onMeasures: ({ key }, epoch, measures) => state.addEpoch(key, epoch, measuredEpoch(measures)),
    onTrained(spec, model) {
      addModel(spec.key, model);
      keeper.keepModel(spec.key, settingKey(spec), { ...model, epochs: state.epochsOf(spec.key) });
    },
  });
  const stop = () => {
    abort.abort(new Error('The comparison was stopped.'));
    pool.resume();
  };
  /** Stops what runs. @returns the signal of what runs next */
  const begin = (): AbortSignal => {
    stop();
    state.clear();
    weighted.value = undefined;
    return (abort = new AbortController()).signal;
  };
  const isCurrent = (signal: AbortSignal) => abort.signal === signal;

  /** Shows the finished trials of one setting. */
  const showTrialsOf = async (trial: TrialResult) => {
    const signal = abort.signal;
    const all = await kept.read();
    if (!signal.aborted) finished.value = all.filter((each) => settingKey(each) === settingKey(trial));
  };
  const listener: RunListener = {
    onStart: () => void (status.value = 'running'),
    onNote: (message) => void (notes.value = [...notes.value, message]),
    onCandidate: ({ model, number }) => void (search.value = `Tuning ${model}: ${number} configurations tried`),
    onChoice: () => void (search.value = undefined),
    onTrialStart: (place) => state.moveTo(place, 0),
    onEpoch: (epoch, place) => state.moveTo(place, epoch),
    onTrialEnd(trial, place) {
      state.moveTo(place, undefined);
      void showTrialsOf(trial);
    },
    onFailure(failure) {
      state.moveTo(failure, undefined);
      failures.value = [...failures.value, failure];
    },
  };
  const run = async ({ declaration, table, tradeOffs, onPlanned }: ComparisonRequest, signal: AbortSignal) => {
    const { facts, engine } = await pool.prepare(async (worker) => ({
      engine: await worker.start(),
      facts: table && (await worker.open(table)),
    }));
    signal.throwIfAborted();
    const declared = await createSuite({ suite: declaration }, suiteLoader(facts));
    const data = dataInWorkers(pool);
    if (tradeOffs)
      weighted.value = weightedSuite(declared, await openSetting(declared, declared.settings[0]!, engine, data));
    const suite = weighted.value?.suite ?? declared;
    signal.throwIfAborted();
    batch(() => {
      asked.value = askedBy(suite);
      onPlanned?.();
    });
    return runStudyTrials(suite, { engine, data, executor: pool, store, signal, listener });
  };

  return {
    ...view,
    ...{ pool, stop, weighted },
    /** Runs a suite, after it has stopped another one. Trials that the page has already are not repeated. */
    async start(request: ComparisonRequest) {
      const signal = begin();
      status.value = 'preparing';
      try {
        const trials = await run(request, signal);
        if (!isCurrent(signal)) return;
        finished.value = trials;
        for (const trial of trials.filter(({ seed }) => seed === asked.value?.seeds[0])) await recall(trialKey(trial));
        await state.summarized();
        if (isCurrent(signal)) status.value = 'done';
      } catch (error) {
        if (!isCurrent(signal)) return;
        status.value = 'stopped';
        if (!signal.aborted) problem.value = error instanceof Error ? error : new Error(String(error));
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
    /** Shows trials that have one setting, of elsewhere or of an earlier visit, with the models that the browser has kept. */
    show({ trials, asked: given, isDone = true }: ShownResult) {
      const signal = begin();
      const labels = [...new Set(trials.map(({ model }) => model))];
      const seeds = [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b);
      const baseline = labels.includes(BASELINE) ? BASELINE : labels[0]!;
      batch(() => {
        asked.value = given ?? { models: labels, seeds, baseline, order: labels };
        finished.value = trials;
        status.value = isDone ? 'done' : 'stopped';
      });
      const first = trials.filter(({ seed }) => seed === asked.value!.seeds[0]);
      void first.reduce(async (before, trial) => {
        await before;
        if (isCurrent(signal)) await recall(trialKey(trial));
      }, Promise.resolve());
    },
    /** The model of a trial that ran in this browser with the first seed. */
    modelOf: (trial: TrialResult) => models.value.get(trialKey(trial)),
  };
}

export type Comparison = ReturnType<typeof createComparison>;

/** Finds study's suites, and the suite of a table that the workers opened. */
const suiteLoader =
  (facts: SuiteFacts | undefined): SuiteLoader =>
  (name) =>
    Promise.resolve({
      suite: facts && name === documentName(facts.name) ? rowInWorkers(facts) : findEntry(allSuites(), name, 'suite'),
    });

const rowInWorkers = (facts: SuiteFacts): SuiteEntry => ({
  ...facts,
  open: () => rowsStayThere(),
});

/** The data as the workers have it: what plans need. The rows stay in the workers, so that the page doesn't stop for them. */
const dataInWorkers = (pool: WorkerPool): OpenedData => ({
  async data(request) {
    const { notes, ...facts } = await pool.ask((worker) => worker.data(request));
    return { ...facts, notes: () => notes, trial: () => rowsStayThere() };
  },
  rows: () => Promise.resolve(rowsStayThere()),
});

const rowsStayThere = (): never =>
  fail({
    expected: 'a plan without rows on the page',
    received: 'a plan that reads rows',
    fix: 'Plan it in a worker: budgets that match widths read rows.',
  });
