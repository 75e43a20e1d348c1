import { fail, type Batch, type MultiTaskModel, type NetworkTrainer, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { TrainingStep } from '../engine.ts';
import type { MetricChoice } from '../evaluation/scores.ts';
import { createYielder } from '../event-loop.ts';
import type { Bar } from '../progress/progress.ts';
import { isStream, type RowSource } from '../rows/rows.ts';
import type { GivenOptions } from './options.ts';
import { planOf, type Plan } from './plan.ts';
import type { FitWarning } from './warnings.ts';

/** A training by the trainer that a network brings. */
export interface OwnTraining<T extends Tasks, M, G> {
  /** One epoch of one step, which reads all rows at once. */
  readonly plan: Plan<T, M, G>;
  /** What the trainer has to say, after the step. */
  readonly warnings: readonly FitWarning[];
  /** Shows how much of the step is done. */
  show(bar: Bar): void;
}

/**
 * The plan of a training whose network brings its trainer, such as one of trees. So all else goes as for other networks: validation,
 * callbacks, checkpoints after the epoch, the result. The trainer reads the validation rows only where early stopping may.
 *
 * The optimizer, its schedule, clipping, batches and the number of epochs have no effect.
 *
 * @throws PolytaskError for streams, which aren't in memory, and for a balancer
 */
export async function ownTraining<T extends Tasks, M extends MetricChoice<T>, G extends GroupArray | undefined>(
  model: MultiTaskModel<T>,
  train: RowSource<T>,
  options: GivenOptions<T, M, G>,
  trainer: NetworkTrainer,
): Promise<OwnTraining<T, M, G>> {
  const { name, config } = model.config.network;
  if (options.balancing)
    fail({
      expected: `no balancer for "${name}", which brings its training`,
      received: options.balancing.name,
      fix: 'Leave balancing out.',
    });
  const plan = await planOf(model, train, options);
  const { validation, stopping, engine, batches, signal } = plan;
  const held = stopping && validation;
  for (const rows of [train, ...(held ? [held] : [])]) inMemory(rows, name);
  let bar: Bar | undefined;
  const warnings: FitWarning[] = [];
  const yieldToEventLoop = createYielder();
  const pause = async (share: number) => {
    bar?.update(share, name);
    await yieldToEventLoop();
    signal?.throwIfAborted();
  };
  const step = (): TrainingStep => ({
    ...{ name, inFlight: 1 },
    async run(batch) {
      const trained = await trainer({ config, model, train: batch, validation: held && allOf(held), pause });
      const { losses, stillImproving = {} } = trained;
      for (const [task, message] of Object.entries(stillImproving))
        warnings.push({ kind: 'still-improving', task, message });
      return { total: totalOf(model, losses), tasks: losses, auxiliary: {} };
    },
    async flush() {}, // the trainer has set the parameters
    readSlots: async () => ({}),
    restore() {},
    async close() {},
  });
  return {
    warnings,
    plan: {
      ...plan,
      ...{ epochs: 1, stepsPerEpoch: 1, checkEvery: 1 },
      batches: { ...batches, batchSize: train.size!, dropLast: false, shuffle: false },
      engine: { name, train: async () => step(), score: (each) => engine.score(each) },
    },
    show: (shown) => (bar = shown),
  };
}

function inMemory<T extends Tasks>(rows: RowSource<T>, name: string): void {
  if (!isStream(rows)) return;
  fail({
    expected: `rows in memory for "${name}", which reads all of them at once`,
    received: 'a stream',
    fix: 'Read the file as a table.',
  });
}

const allOf = <T extends Tasks>(rows: RowSource<T>): Batch | undefined =>
  isStream(rows) ? undefined : rows.batch(Uint32Array.from({ length: rows.size }, (_, row) => row));

/** Σ weight × loss, over the tasks with labels. */
const totalOf = <T extends Tasks>({ schema }: MultiTaskModel<T>, losses: Readonly<Record<string, number>>): number =>
  Object.entries(losses).reduce(
    (sum, [task, loss]) => (Number.isNaN(loss) ? sum : sum + loss * (schema.tasks[task]!.weight ?? 1)),
    0,
  );
