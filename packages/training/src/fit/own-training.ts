import { type Finding, sum } from '@polytask/components';
import { fail, type Examples, type NetworkTrainer } from '@polytask/core';
import type { TrainingStep } from '../engine.ts';
import { createYielder } from '../event-loop.ts';
import type { Bar } from '../platform/bar.ts';
import { isStream, type RowSource } from '../rows/rows.ts';
import type { Plan } from './options.ts';

/** The training by a network's own trainer, as one epoch of one step. It reads the validation rows only where early stopping may. */
export function ownTraining(plan: Plan, trainer: NetworkTrainer) {
  const { model, engine, batches, signal } = plan;
  const { balancing } = plan.recipe;
  const { name, config } = model.config.network;
  if (balancing)
    fail({
      expected: `no balancer for "${name}", which brings its training`,
      received: balancing.name,
      fix: 'Leave balancing out.',
    });
  const train = inMemory(plan.train, name);
  const held = plan.stopping && plan.validation && inMemory(plan.validation, name);
  let bar: Bar | undefined;
  const warnings: Finding[] = [];
  const yieldToEventLoop = createYielder();
  const pause = async (share: number) => {
    bar?.update(share, name);
    await yieldToEventLoop();
    signal?.throwIfAborted();
  };
  const step: TrainingStep = {
    ...{ name, inFlight: 1 },
    async run(batch) {
      const validation = held?.batch(Uint32Array.from({ length: held.size }, (_, row) => row));
      const { losses, findings = [] } = await trainer({ config, model, train: batch, validation, pause });
      warnings.push(...findings);
      const parts = Object.entries(losses).map(([task, loss]) => loss * (model.schema.tasks[task]!.weight ?? 1));
      return { total: sum(parts.filter((part) => !Number.isNaN(part))), tasks: losses, auxiliary: {} };
    },
    async flush() {}, // the trainer has set the parameters
    readSlots: async () => ({}),
    restore() {},
    async close() {},
  };
  const ofOneStep: Plan = {
    ...plan,
    ...{ epochs: 1, stepsPerEpoch: 1, checkEvery: 1 },
    batches: { ...batches, batchSize: train.size, dropLast: false, shuffle: false },
    engine: { name, train: async () => step, score: (each) => engine.score(each) },
  };
  return { plan: ofOneStep, warnings, show: (shown: Bar) => void (bar = shown) };
}

function inMemory(rows: RowSource, name: string): Examples {
  if (!isStream(rows)) return rows;
  return fail({
    expected: `rows in memory for "${name}", which reads all of them at once`,
    received: 'a stream',
    fix: 'Read the file as a table.',
  });
}
