import { namedLosses, type MultiTaskModel } from '@polytask/core';
import type { Recipe, StepBalancing } from '../engine.ts';
import type { EnginePasses, RunPass } from './pass-contract.ts';
import type { FlatState, UpdatePlace } from '../optimizers/flat/flat-state.ts';
import type { StepWork } from './engine-step.ts';

/** The losses of a step, whose gradients are in the flat state. */
export interface FlatGradients {
  /** [tasks + auxiliary + 1] */
  readonly losses: Float32Array;
  readonly balancing?: StepBalancing;
  /** Whether there are gradients: a balancer has none for losses that aren't finite. */
  readonly hasGradients: boolean;
  /** Changes what no optimizer trains, after the update. */
  readonly finish?: (() => void) | undefined;
}

/** What gives the gradients of a step: the passes of an engine, and a balancer, if there is one. */
export interface GradientSource {
  readonly balancer?: StepWork['balancer'];
  gradients(
    run: RunPass,
    batch: Parameters<StepWork['step']>[0],
    at: UpdatePlace,
    epoch: number,
  ): Promise<FlatGradients>;
  /** Continues with the numbers in the store of the model. */
  reload?(): Promise<void>;
}

/** Gradients of the sum of all losses, which the engine clips and writes into the flat state. */
export const plainSource = ({ clip }: Recipe): GradientSource => ({
  gradients: async (run) => ({ losses: (await run('plain', { clip })).losses, hasGradients: true }),
});

/** Steps over the passes of an engine. Parameters, gradients and slots are flat host buffers. The optimizer updates all in one pass. */
export const flatStep = (
  { taskNames }: Pick<MultiTaskModel, 'taskNames'>,
  { state, passes, source }: { state: FlatState; passes: EnginePasses; source: GradientSource },
): StepWork => ({
  name: passes.name,
  inFlight: 1,
  tables: state.tables,
  balancer: source.balancer,

  async step(batch, at, epoch) {
    const { run, auxiliary } = passes.begin(batch);
    const { losses, balancing, hasGradients, finish } = await source.gradients(run, batch, at, epoch);
    if (hasGradients) {
      state.update(at);
      finish?.();
      passes.changed();
    }
    return async () => ({ ...namedLosses(losses, taskNames, auxiliary()), ...(balancing && { balancing }) });
  },

  flush: () => passes.flush(),
  slots: async () => state.slots(),
  async restore(slots) {
    state.restoreSlots(slots);
    await passes.reload();
    await source.reload?.();
  },
  close: () => passes.close(),
});
