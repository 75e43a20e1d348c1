import { fail, openFolder } from '@polytask/core';
import {
  type Conclude,
  type Executor,
  inProcess,
  lineOf,
  memoryStore,
  openData,
  openSetting,
  placeOf,
  type RunOutcome,
  runStudy,
  type StudyPlan,
  type Suite,
  type TrialStore,
} from '@polytask/study';
import { createOptimizer, type OptimizerSpec } from '@polytask/training';
import { countedRun } from './queue/roster.ts';
import { queueExecutor } from './queue/queue-executor.ts';
import { writeOutcome, writePlan, failureLog, openResults, resultsToReuse } from './trials/run-files.ts';
import { loadPlugins, modulesAt, outsideCode } from './modules/imported-modules.ts';
import { openPredictions } from './predictions/prediction-file.ts';
import { readSuite, type RunOptions, type EngineOptions } from './run-options.ts';
import { trackedStore } from './tracking/tracked-store.ts';
import { AUTO, engines, environment, startEngine } from './engines.ts';
import { openTeacher } from './teacher.ts';
import { processPool, type WorkerSetup } from './workers/process-pool.ts';

export async function openRun(suite: Suite, options: EngineOptions) {
  const plugins = await loadPlugins(options.plugins ?? []);
  const note = (message: string) => options.listener?.onNote?.(message);
  const engine = await startEngine(options.engine, note, enginesFor(suite, options.engine, note));
  const data = openData(() => Promise.resolve(suite.entry), openTeacher);
  const own = environment(engine.name);
  const modules = await modulesAt([...plugins, ...suite.files]);
  const setup: WorkerSetup = { engine: engine.name, plugins, modules, access: options.access };
  return {
    ...{ engine, data, setup, environment: own },
    code: await outsideCode(plugins),
    executor: (workers: number): Executor => (workers > 0 ? processPool(workers, setup) : inProcess(data, own)),
  };
}

/** Without a named engine, those that the optimizers of a suite can run on. */
function enginesFor({ settings }: Suite, named: string = AUTO, note: (message: string) => void) {
  const isEager = ({ training: { optimizer } }: Suite['settings'][number]) =>
    createOptimizer(optimizer as OptimizerSpec).isEager;
  const eager = named === AUTO ? settings.find(isEager) : undefined;
  if (!eager) return engines;
  note(`The optimizer ${eager.training.optimizer.name} needs an eager engine, which is slower.`);
  return engines.filter(({ mode }) => mode === 'eager');
}

export async function openOnly(options: RunOptions) {
  const suite = await readSuite({ ...options, boosting: false });
  const { settings, name } = suite;
  if (settings.length > 1)
    fail({
      expected: 'a suite of one setting',
      received: `${settings.length} in ${name}`,
      fix: 'Leave variants, groups and budgets out.',
    });
  const { engine, data, code } = await openRun(suite, options);
  return { suite, data, open: await openSetting(suite, settings[0]!, engine, data, code) };
}

/**
 * Runs a suite: a trial of each model with each seed in each setting. With `out`, each finished trial is written to a file, and a stopped
 * run resumes. A failed trial is reported and left out. A trial whose process ended early is repeated first.
 *
 * @throws PolytaskError on invalid options, data that can't be read, or when all trials failed; the signal's reason
 * @example
 * const outcome = await runSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], seeds: [1, 2, 3] });
 * console.log(renderText(comparisonDocument(outcome)));
 */
export async function runSuite(options: RunOptions = {}): Promise<RunOutcome> {
  await loadPlugins(options.plugins ?? []); // they may define parts of the suite
  return runResolved(await readSuite(options), options);
}

/** Runs a suite that {@link readSuite} has read from the same options, with the data that it has opened. @throws as runSuite does */
export async function runResolved(suite: Suite, options: RunOptions): Promise<RunOutcome> {
  const { out, workers = 0, queue, reuse = [], keepPredictions = false, trackers = [] } = options;
  const { externals, force, retries, shard, signal } = options;
  const onNote = (message: string) => options.listener?.onNote?.(message);
  const opened = await openRun(suite, options);
  const { engine, data, code, environment, setup } = opened;
  const counted = queue === undefined ? undefined : countedRun(suite.name, engine.name, options.listener);
  const stored = out === undefined ? memoryStore() : openResults(out);
  const store = trackers.length === 0 ? stored : trackedStore(stored, trackers, onNote);
  const predictions = out === undefined || !keepPredictions ? undefined : openPredictions(out);
  const log = out === undefined ? undefined : failureLog(out);
  const others = (await Promise.all(reuse.map(resultsToReuse))).flat();
  const executor =
    queue === undefined
      ? opened.executor(workers)
      : await queueExecutor(queue, { ...setup, force, facts: counted!.facts, onNote });
  return runStudy(suite, {
    ...{ engine, data, code, executor, store, predictions, log, reuse: others },
    ...{ externals, environment },
    ...{ force, retries, shard, signal, listener: counted?.listener ?? options.listener },
    ...(out !== undefined && { conclude: writtenTo(out), onPlan: planWriter(out, store) }),
  }).finally(() => executor.close());
}

const planWriter = (directory: string, store: TrialStore) => async (plan: StudyPlan) => {
  const stored = new Set((await store.read()).map(placeOf));
  const there = plan.trials.filter(({ setting, key }) => stored.has(lineOf(setting, key))).length;
  await openFolder(directory).write((writer) => writePlan(writer, { plan, started: Date.now(), there }));
};

/** Reads the trials and writes the report in one turn, so that the report of the last run has the trials of all runs. */
const writtenTo =
  (directory: string): Conclude =>
  (outcome) =>
    openFolder(directory).write(async (writer) => {
      const result = await outcome();
      await writeOutcome(directory, writer, result);
      return result;
    });
