import {
  checkMembersOf,
  define,
  resolve,
  type Definition,
  type Factory,
  type Read,
  type Spec,
} from '@polytask/components';
import { openFolder, type Tasks } from '@polytask/core';
import type { FitCallbacks } from '../fit/options.ts';
import type { EpochReport } from '../progress/reports.ts';

/** Records runs in a place where people look at curves, such as TensorBoard or MLflow. */
export interface Tracker {
  start(run: RunDescription): Promise<TrackedRun>;
}

export interface RunDescription {
  readonly name: string;
  /** What the run was asked for, such as its learning rate. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

export interface TrackedRun {
  /**
   * Records numbers.
   *
   * @param step the 1-based epoch, or another count that ascends
   * @param values by name, such as `validation/click/auc`. A number that isn't finite is left out
   */
  log(step: number, values: Readonly<Record<string, number>>): Promise<void>;
  end(status: RunStatus): Promise<void>;
}

export type RunStatus = 'finished' | 'failed';

/**
 * Defines a tracker that commands find by its name and options: `polytask train people.json --track 'NAME(option=value)'`.
 *
 * @throws PolytaskError when another definition has the name; the factory throws when the configuration doesn't fit `options`
 * @example
 * const options = { path: checks.text };
 * const folder = defineTracker('folder', ({ path }) => jsonLinesTracker(path), { options, description: 'lines of JSON' });
 * await openTracker(folder({ path: 'runs' })).start({ name: 'first' });
 */
export const defineTracker = <O extends object = Record<never, never>>(
  name: string,
  open: (config: Read<O>) => Tracker,
  definition?: Definition<O>,
): Factory<'tracker', O> => define('tracker', name, open, definition);

/**
 * Opens a tracker that {@link defineTracker} has defined.
 *
 * @throws PolytaskError for a name that isn't defined, and for options that don't fit
 * @example const run = await openTracker(specNamed('tracker', 'jsonl(directory=runs)')).start({ name: 'first' });
 */
export function openTracker(spec: Spec<'tracker'>): Tracker {
  const { builder, config } = resolve<(config: object) => Tracker>(spec);
  return checkMembersOf(spec, builder(config), ['start']);
}

/**
 * Records each epoch of a training: `loss`, `loss/TASK`, `validation/TASK/METRIC`, `learningRate` and `seconds`. The caller ends the run.
 *
 * @returns callbacks for `fit`
 * @example
 * const run = await jsonLinesTracker('runs').start({ name: 'first', parameters: { learningRate: 1e-3 } });
 * await fit(model, train, { validation, callbacks: trackEpochs(run) });
 * await run.end('finished');
 */
export const trackEpochs = <T extends Tasks>(run: TrackedRun): FitCallbacks<T> => ({
  onEpochEnd: (report) => run.log(report.epoch, valuesOf(report as unknown as EpochReport)),
});

function valuesOf({ loss, losses, validation = {}, learningRate, seconds }: EpochReport): Values {
  const scores = Object.entries(validation).map(([task, own]) => prefixed(`validation/${task}`, own));
  return Object.assign({ loss, ...prefixed('loss', losses) }, ...scores, { learningRate, seconds }) as Values;
}

type Values = Readonly<Record<string, number>>;

const prefixed = (prefix: string, values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));

export const finiteOf = (values: Values): [name: string, value: number][] =>
  Object.entries(values).filter(([, value]) => Number.isFinite(value));

/**
 * Records runs as lines of `runs.jsonl` in a directory. Several runs and processes may write to one file. A line is written to the disk
 * as a whole, or not at all. In a page, the directory is in the browser's own storage, as for `save`.
 *
 * | line | |
 * |---|---|
 * | `{"run", "time", "parameters"}` | the start of a run |
 * | `{"run", "time", "step", "values"}` | numbers of a step |
 * | `{"run", "time", "status"}` | its end: `finished` or `failed` |
 *
 * @example await fit(model, train, { callbacks: trackEpochs(await jsonLinesTracker('runs').start({ name: 'first' })) });
 */
export function jsonLinesTracker(directory: string): Tracker {
  const folder = openFolder(directory);
  const append = (run: string, line: object) =>
    folder.write((writer) =>
      writer.appendLine('runs.jsonl', JSON.stringify({ run, time: new Date().toISOString(), ...line })),
    );
  return {
    async start({ name, parameters = {} }) {
      await append(name, { parameters });
      return {
        log: (step, values) => append(name, { step, values: Object.fromEntries(finiteOf(values)) }),
        end: (status) => append(name, { status }),
      };
    },
  };
}
