import { createBalancer, type Balancer, type BalancerSpec } from '@polytask/balancing';
import { groupedTasks, labelsOf, randomDraws, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { GradientSource } from '../steps/flat-step.ts';
import { clipFlat } from '../optimizers/clip.ts';
import type { FlatState } from '../optimizers/flat/flat-state.ts';
import { balancedGradients } from './balanced-gradients.ts';
import type { BalancedRecipe } from './balanced-recipe.ts';
import type { EnginePasses } from '../steps/pass-contract.ts';
import type { TurningRotations } from './rotations.ts';
import { withTables, type SharedParts } from './shared-parts.ts';

/** The model's random stream for balancers. Checkpoints contain the counter of this stream. */
const BALANCING_STREAM = 'balancing';

/** A balancer for the tasks of a model. @throws PolytaskError when the spec is unknown or doesn't fit the tasks */
export const balancerFor = <T extends Tasks>(
  model: Pick<MultiTaskModel<T>, 'taskNames' | 'store'>,
  spec: BalancerSpec,
): Balancer =>
  createBalancer(spec, {
    tasks: model.taskNames,
    random: randomDraws(model.store.stream(BALANCING_STREAM)),
  }) as Balancer;

interface BalancedStepParts {
  readonly state: FlatState;
  readonly passes: EnginePasses;
  readonly parts: SharedParts;
  /** The cut where sharing ends, for a balancer of gradients at the representation. */
  readonly cut?: string | undefined;
  /** The rotations of the model, for a balancer that turns them. */
  readonly rotations?: TurningRotations | undefined;
}

/**
 * Balanced losses or gradients. The engine computes the gradients, and the balancer combines them on the host, with the same
 * arithmetic on every engine.
 */
export function balancedSource(
  { schema, taskNames, store }: MultiTaskModel,
  { balancing, clip }: BalancedRecipe,
  { state, passes, parts, cut, rotations }: BalancedStepParts,
): GradientSource {
  const balancer = balancerFor({ taskNames, store }, balancing);
  const grouped = groupedTasks(schema.tasks);
  return {
    balancer,
    async gradients(run, batch, { step }, epoch) {
      const { losses, gradients, weights, diagnostics, pulls } = await balancedGradients(run, {
        balancer,
        parts: withTables(parts, state, batch.size),
        cut,
        turns: rotations !== undefined,
        counts: taskNames.map((name) => schema.tasks[name]!.weight ?? 1),
        present: taskNames.map((name) => labelsOf(batch, name).weights.some((weight) => weight > 0)),
        compares: taskNames.map((name) => grouped.includes(name)),
        place: { step: step - 1, epoch },
      });
      if (gradients) state.setGradients(clipFlat(gradients, clip), batch.size);
      return {
        losses,
        hasGradients: gradients !== undefined,
        finish: pulls && (() => passes.assign(rotations!.parameter, rotations!.turn(pulls, step - 1))),
        balancing: {
          ...(weights && { weights: Object.fromEntries(taskNames.map((name, i) => [name, weights[i]!])) }),
          ...(diagnostics && { gradients: { ...diagnostics } }),
        },
      };
    },
    reload: async () => rotations?.read(),
  };
}
