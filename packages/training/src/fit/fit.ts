import { createProgress, notice } from '#platform';
import { defineFinding, type Finding, readOptions, recordOf, sum } from '@polytask/components';
import { type MultiTaskModel, type Tasks, trainerOf, type EmbeddingTable } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { DefaultMetrics, MetricChoice } from '../evaluation/metric-table.ts';
import { fitOptions, type FitOptions, type GivenOptions, planOf } from './options.ts';
import type { EpochReport, StoppedBy } from '../progress/reports.ts';
import type { RowSource } from '../rows/rows.ts';
import { noticeOnce } from '../platform/notice-once.ts';
import { Run } from './run.ts';
import type { Recipe } from '../engine.ts';
import { createOptimizer } from '../optimizers/optimizer.ts';

export interface FitResult<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /** One report for each epoch, epochs before a resumed checkpoint included. */
  readonly history: readonly EpochReport<T, M, G>[];
  readonly epochs: number;
  readonly steps: number;
  /** Seconds of all epochs, epochs before a resumed checkpoint included. */
  readonly seconds: number;
  readonly stopped: StoppedBy;
  /** With early stopping: the best epoch, and its value of the criterion. With `restoreBest`, the model has its weights. */
  readonly best?: { readonly epoch: number; readonly value: number };
  /** Warnings about the training, such as a task that is predicted worse than by its mean. */
  readonly warnings: readonly Finding[];
  /** The name of the engine and its backend, such as `eager (wasm)`. */
  readonly engine: string;
}

/**
 * Trains a model in place.
 *
 * The same seed, rows and options give the same weights, bit for bit, on the same engine and backend. A run that was killed and
 * resumed from its last checkpoint gives these weights, too. After an error, the model has the weights of the last step. If the
 * training diverged, it has good weights again: of the best epoch with early stopping, else of the newest epoch that ended well, or
 * those before the training. Without early stopping, tables with sparse updates are not restored.
 *
 * A loaded model is trained on: from its weights, running statistics and random streams, with a new optimizer. `trainable` and `rates` say
 * which parts learn, and how fast.
 *
 * A network that brings its training, such as `boostedTrees`, has one epoch of one step. The optimizer and the batches have no effect. It starts
 * anew also in a loaded model, but trees that `growModel` copied stay.
 *
 * @param train encoded rows, such as a table, or a stream of rows. Each epoch reads a table in a new order. Each epoch reads a
 *   stream again, and shuffles the stream in a buffer
 * @throws PolytaskError when an option or the rows don't fit the model
 * @throws PolytaskError with the tasks and the step, when a loss, a parameter or an output is no longer finite
 * @throws PolytaskError when a checkpoint is damaged or of another run
 * @throws the error of a callback, or the reason of the signal
 * @example
 * const { history } = await fit(model, train, {
 *   validation,
 *   optimizer: adam(1e-3),
 *   epochs: 10,
 *   stopping: earlyStopping({ metric: 'auc' }),
 *   checkpoint: { directory: 'runs/people' },
 *   resume: true,
 * });
 * history.at(-1)?.validation?.income.auc;
 */
export async function fit<
  T extends Tasks,
  const M extends MetricChoice<T> = DefaultMetrics,
  G extends GroupArray | undefined = undefined,
>(model: MultiTaskModel<T>, train: RowSource<T>, options: FitOptions<T, M, G> = {}): Promise<FitResult<T, M, G>> {
  const given = readOptions(options, fitOptions, 'fit');
  given.signal?.throwIfAborted();
  if (given.trainable || given.rates) {
    const { withRates } = await import('./parameter-rates.ts'); // rarely
    return withRates(model, options, (rest) => fit(model, train, rest));
  }
  return (await trained(model as unknown as MultiTaskModel, train as RowSource, given)) as FitResult<T, M, G>;
}

async function trained(model: MultiTaskModel, train: RowSource, given: GivenOptions): Promise<FitResult> {
  const { fitWarnings } = await import('./warnings.ts'); // now: a page may be offline at the end
  const trainer = trainerOf(model.config.network);
  const asked = await planOf(model, train, given);
  const own = trainer && (await import('./own-training.ts')).ownTraining(asked, trainer); // rarely
  const plan = own?.plan ?? asked;
  const tables = tableNotice(model, plan.recipe);
  if (tables !== undefined) noticeOnce(tables);
  const step = await plan.engine.train(model, plan.recipe);
  const outdated = removeCalibrated(model);
  const run = new Run(plan, step);
  const { stopped, history, steps, best } = await run.all(() => {
    const bar = createProgress(given.progress, plan.stepsPerEpoch && plan.epochs * plan.stepsPerEpoch);
    own?.show(bar);
    return bar;
  });
  const most = own ? Infinity : plan.epochs; // no further epoch would improve a network that trains itself
  const ofEpochs = fitWarnings(history, {
    ...{ tasks: model.schema.tasks, best: best?.epoch, stopped, epochs: most, family: trainer ? 'trees' : 'gradients' },
  });
  const warnings = [...outdated, ...ofEpochs, ...(own?.warnings ?? [])];
  for (const { kind, message } of warnings) if (NOTICED.has(kind)) notice(message);
  return {
    ...{ history, epochs: history.length, steps, seconds: sum(history, ({ seconds }) => seconds) },
    ...{ stopped, ...(best && { best }), warnings, engine: step.name },
  };
}

const NOTICED: ReadonlySet<string> = new Set(['weight-died', 'calibration-removed']);

const notCalibrated = /* @__PURE__ */ defineFinding<never, { tasks: readonly string[] }>('calibration-removed', {
  says: ({ tasks }) => `Training removes what was calibrated of ${tasks.join(', ')}: call calibrate again after it.`,
});

/** Calibrations, intervals and thresholds are those of the weights before. */
function removeCalibrated(model: MultiTaskModel): Finding[] {
  const names = model.taskNames.filter((name) => model.schema.tasks[name]!.calibrated);
  if (names.length === 0) return [];
  model.setCalibrated(recordOf(names, () => undefined));
  return [notCalibrated({}, { tasks: names })];
}

/** Which tables have sparse updates by default, and what that means for the optimizer. Undefined without such a table. */
export function tableNotice<T extends Tasks>(
  { store, config }: Pick<MultiTaskModel<T>, 'store' | 'config'>,
  { optimizer, tableOptimizer = optimizer }: Pick<Recipe, 'optimizer' | 'tableOptimizer'>,
): string | undefined {
  const tables = store.tables();
  const { update } = config.input.config as { readonly update?: unknown };
  if (tables.length === 0 || update !== undefined) return undefined;
  const [{ name, rows, dimension }] = tables as [EmbeddingTable];
  const others = tables.length > 1 ? ` and ${tables.length - 1} more` : '';
  const isEqual = createOptimizer(tableOptimizer).isExactByRows;
  return (
    `${name} (${rows.toLocaleString('en-US')} × ${dimension})${others}: sparse updates. With ${tableOptimizer.name} they ` +
    `${isEqual ? 'equal' : 'differ a little from'} dense ones. Choose by embed({ update: 'dense' or 'sparse' }).`
  );
}
