import { checks, type Option, type Options } from '@polytask/core';
import type { DatasetAccess } from '@polytask/data';
import { type Executor, inProcess, openData, type RunListener, type Suite } from '@polytask/study';
import { openEngine } from './engines.ts';
import { environment } from './environment.ts';
import { modulesAt } from './modules/imported-modules.ts';
import { outsideCode } from './modules/outside-code.ts';
import { loadPlugins } from './plugins.ts';
import { openTeacher } from './teacher.ts';
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

/** The checks of some options that another function checks. */
export const unchecked = <N extends string>(...names: readonly N[]): Readonly<Record<N, Option>> =>
  Object.fromEntries(names.map((name) => [name, checks.anything])) as Record<N, Option>;

/** The checks of {@link OpenRunOptions}. `openDataset` checks the access. */
export const openRunOptions: Options<OpenRunOptions> = unchecked('engine', 'plugins', 'access', 'listener');

/** Loads plugins, starts an engine, and opens the data of a suite: all that its trials run with. */
export async function openRun(suite: Suite, options: OpenRunOptions) {
  const plugins = await loadPlugins(options.plugins ?? []);
  const engine = await openEngine(options.engine, (message) => options.listener?.onNote?.(message));
  const data = openData(() => Promise.resolve(suite.entry), openTeacher);
  const own = environment(engine.name);
  const modules = await modulesAt([...plugins, ...suite.files]);
  /** What a worker process starts with. */
  const setup: WorkerSetup = { engine: engine.name, plugins, modules, access: options.access };
  return {
    ...{ engine, data, setup, environment: own },
    /** Hashes the code of components from outside. */
    code: await outsideCode(plugins),
    /** Runs trials in this process, or in so many others. */
    executor: (workers: number): Executor => (workers > 0 ? processPool(workers, setup) : inProcess(data, own)),
  };
}

export type OpenRun = Awaited<ReturnType<typeof openRun>>;
