import { fail, labelOf, groupedTasks, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { checkExamples } from '../evaluation/check-examples.ts';
import { checkGroups, DEFAULT_BATCH, type Measurement } from '../evaluation/measure.ts';
import { metricTable } from '../evaluation/metric-table.ts';
import type { MetricChoice } from '../evaluation/scores.ts';
import { chooseEngine } from '../engines/choose-engine.ts';
import type { Engine, Recipe } from '../engine.ts';
import { haveGroups, stepsIn, type BatchSettings, type RowSource } from '../rows/rows.ts';
import { createOptimizer } from '../optimizers/optimizer.ts';
import { learningRateAt, type Clock } from '../schedules/schedule.ts';
import type { GivenOptions } from './options.ts';
import type { EarlyStopping } from '../stopping/early-stopping.ts';
import { votersOf } from '../stopping/criterion.ts';
import { listenersOf, type Listeners } from './callbacks.ts';
import { batchSizeFor, epochsFor, LEAST_PATIENCE, patienceFor } from '../stopping/training-budget.ts';

/** The checked options of `fit`, with defaults: the part that doesn't depend on the types of the metrics. */
export interface BasicPlan<T extends Tasks> {
  readonly model: MultiTaskModel<T>;
  readonly train: RowSource<T>;
  readonly epochs: number;
  readonly batches: BatchSettings;
  /** Undefined for a stream without a size. */
  readonly stepsPerEpoch: number | undefined;
  /** The clock of a step, for schedules. @throws PolytaskError when a schedule needs the unknown length of an epoch */
  clock(step: number): Clock;
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly validation: RowSource<T> | undefined;
  /** The measurement of the validation. */
  readonly measurement: Measurement;
  readonly stopping: EarlyStopping | undefined;
  readonly signal: AbortSignal | undefined;
  readonly checkpoint: GivenOptions<T, never, never>['checkpoint'];
  readonly resume: boolean | string;
  readonly checkEvery: number | undefined;
}

/** The checked options of `fit`, with defaults. */
export interface Plan<T extends Tasks, M, G> extends BasicPlan<T> {
  readonly listeners: Listeners<T, M, G>;
}

/** @throws PolytaskError when the options don't fit the model, the rows or each other */
export async function planOf<T extends Tasks, M extends MetricChoice<T>, G extends GroupArray | undefined>(
  model: MultiTaskModel<T>,
  train: RowSource<T>,
  options: GivenOptions<T, M, G>,
): Promise<Plan<T, M, G>> {
  const {
    batchSize = train?.size === undefined ? STREAM_BATCH : batchSizeFor(train.size),
    dropLast,
    shuffle,
    shuffleBuffer,
    seed = model.config.seed,
    optimizer,
    tableOptimizer,
    clip,
    balancing,
    validation,
    validationGroups,
    checkpoint,
    resume,
    signal,
  } = options;
  checkExamples(model, train, 'the training rows');
  checkClasses(model.schema.tasks);
  if (createOptimizer(optimizer).perRow) {
    fail({
      expected: 'an optimizer for all parameters',
      received: `${optimizer.name}, which trains tables alone`,
      fix: 'Pass it as tableOptimizer, beside optimizer: adam(1e-3).',
    });
  }
  if (tableOptimizer && model.store.tables().length === 0)
    needs('a table with sparse updates for tableOptimizer', "Build the model with embed({ update: 'sparse' }).");

  if (balancing) (await import('../balancing/train-balanced.ts')).balancerFor(model, balancing);

  if (validation) checkExamples(model, validation, 'the validation rows');
  else if (options.stopping) needs('validation rows for early stopping', 'Pass { validation, stopping }.');
  else if (validationGroups) needs('validation rows beside their groups', 'Pass { validation, validationGroups }.');
  if (validation?.size !== undefined) checkGroups(validationGroups, validation.size);
  const inGroups =
    validationGroups !== undefined || (validation !== undefined && haveGroups(validation, model.schema.tasks));
  const metrics = metricTable(model.schema.tasks, options.metrics, inGroups);
  if (options.stopping) votersOf(options.stopping, metrics);
  if (resume === true && !checkpoint) needs('a checkpoint directory to resume from', 'Pass checkpoint: { directory }.');

  const grouped = groupedTasks(model.schema.tasks);
  if (grouped.length > 0) {
    const { checkRowGroups } = await import('../rows/group-batches.ts');
    const task = model.schema.tasks[grouped[0]!]!;
    checkRowGroups(train, task, 'the training rows');
    if (validation) checkRowGroups(validation, task, 'the validation rows');
  }
  const batches = { batchSize, dropLast, shuffle, shuffleBuffer, seed, grouped };
  const stepsPerEpoch = stepsIn(train, batches);
  const stopping = options.stopping && withPatience(options.stopping, stepsPerEpoch);
  const { epochs = stopping && stepsPerEpoch !== undefined ? epochsFor(stepsPerEpoch) : EPOCHS } = options;
  const clock = clockOf(stepsPerEpoch);
  learningRateAt(optimizer.config.learningRate, clock(0));
  if (stepsPerEpoch === 0) {
    fail({
      expected: `${batchSize} training rows or more with dropLast`,
      received: String(train.size),
      fix: 'Lower batchSize.',
    });
  }
  if (tableOptimizer) learningRateAt(tableOptimizer.config.learningRate, clock(0));
  const recipe = { optimizer, ...(tableOptimizer && { tableOptimizer }), clip, ...(balancing && { balancing }) };
  return {
    ...{ model, train, epochs, batches, stepsPerEpoch, clock },
    ...{ engine: chooseEngine(options.engine), recipe },
    ...{ validation, measurement: { metrics, groups: validationGroups, batchSize: DEFAULT_BATCH, signal }, stopping },
    ...{ listeners: listenersOf(options.callbacks), signal, checkpoint, resume },
    checkEvery: options.checkEvery,
  };
}

/** The default number of epochs without early stopping. */
const EPOCHS = 10;
/** The default batch size of a stream without a size. */
const STREAM_BATCH = 256;

const withPatience = (stopping: EarlyStopping, stepsPerEpoch: number | undefined): EarlyStopping =>
  stopping.patience === 'auto'
    ? { ...stopping, patience: stepsPerEpoch === undefined ? LEAST_PATIENCE : patienceFor(stepsPerEpoch) }
    : stopping;

/** @throws PolytaskError when all training labels of a binary task are equal */
function checkClasses(tasks: Tasks): void {
  for (const [name, task] of Object.entries(tasks)) {
    const rate = labelOf(task).type === 'yes-no' ? task.fitted?.rate : undefined;
    if (rate !== 0 && rate !== 1) continue;
    fail({
      expected: `training rows of both classes for task "${name}"`,
      received: `labels that all mean ${rate === 0 ? 'no' : 'yes'}`,
      fix: 'Look at `positive` and at the split, or leave the task out.',
    });
  }
}

const clockOf =
  (stepsPerEpoch: number | undefined) =>
  (step: number): Clock => ({
    step,
    get stepsPerEpoch() {
      return (
        stepsPerEpoch ??
        needs(
          'to know how many rows an epoch has, for a schedule in epochs',
          'Give the stream its size, or the schedule { steps }.',
        )
      );
    },
  });

function needs(expected: string, fix: string): never {
  return fail({ expected, received: 'none', fix });
}
