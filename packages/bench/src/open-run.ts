import type { DatasetAccess } from '@polytask/data';
import {
  type CodeOf,
  type Environment,
  type Executor,
  inProcess,
  openData,
  type OpenedData,
  type RunListener,
  type Suite,
  type TrialEngine,
} from '@polytask/study';
import { openEngine } from './engines.ts';
import { environment } from './environment.ts';
import { modulesAt } from './modules/imported-modules.ts';
import { outsideCode } from './modules/outside-code.ts';
import { loadPlugins } from './plugins.ts';
import { processPool, type WorkerSetup } from './workers/process-pool.ts';

/** The options that every run of trials has. */
export interface OpenRunOptions {
  /** `auto`, or the name of an engine. Default: `auto`. */
  readonly engine?: string | undefined;
  /** Packages or files that define components, balancers and metrics, for this process and its workers: see `loadPlugins`. */
  readonly plugins?: readonly string[] | undefined;
  /** What a data set file may read: files outside its folder, and how many rows. Default: files below its folder. */
  readonly access?: DatasetAccess | undefined;
  readonly listener?: RunListener | undefined;
}

/** All that the trials of a suite run with. */
export interface OpenRun {
  readonly engine: TrialEngine;
  readonly data: OpenedData;
  /** Hashes the code of components from outside. */
  readonly code: CodeOf;
  readonly environment: Environment;
  /** What a worker process starts with. */
  readonly setup: WorkerSetup;
  /** Runs trials in this process, or in so many others. */
  executor(workers: number): Executor;
}

/** Loads plugins, starts an engine, and opens the data of a suite. */
export async function openRun(suite: Suite, options: OpenRunOptions): Promise<OpenRun> {
  const plugins = await loadPlugins(options.plugins ?? []);
  const engine = await openEngine(options.engine, (message) => options.listener?.onNote?.(message));
  const data = openData(() => Promise.resolve(suite.row));
  const own = environment(engine.name);
  const modules = await modulesAt([...plugins, ...suite.files]);
  const setup: WorkerSetup = { engine: engine.name, plugins, modules, access: options.access };
  return {
    ...{ engine, data, setup, environment: own, code: await outsideCode(plugins) },
    executor: (workers) => (workers > 0 ? processPool(workers, setup) : inProcess(data, own)),
  };
}
