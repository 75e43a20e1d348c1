import { listOf, notNegative, optional, shaped, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, ownUnits, SHARED, type NetworkSpec, fail, type MultiTaskModel } from '@polytask/core';
import { identityGate } from '@polytask/gating';
import { defineNetwork, expertLevel, expertLevels, sharedLevel } from './levels.ts';
import { tensorNormal } from './penalties.ts';

const options = {
  /** The layers that all tasks share, from the input up. */
  shared: optional(listOf(shaped(expertLevel)), []),
  /** The layers above, which each task has for itself; one or more. The prior relates the kernels of the tasks. */
  levels: expertLevels.levels,
  /** Weight of the prior per parameter. */
  prior: optional(notNegative, 0.1),
};

export interface RelationshipNetworkOptions extends Written<typeof options>, FromDescription {}

/**
 * Multilinear relationship network (MRN, Long et al., NeurIPS'17): shared layers, then layers that each task has for itself.
 * The kernels of the tasks' layers have a tensor-normal prior with a learned covariance of the tasks.
 * {@link taskCovariance} reads the covariance.
 *
 * @throws PolytaskError when `levels` is empty, or an option is unknown or invalid
 * @example relationshipNetwork({ shared: [{ experts: mlp([128]) }], levels: [{ experts: mlp([64]) }] })
 */
export const relationshipNetwork: (config: RelationshipNetworkOptions) => NetworkSpec = defineNetwork(
  'relationship-network',
  ({ shared, levels, prior }, tasks) =>
    fusion([
      ...shared.map(({ experts }) => sharedLevel(experts)),
      ...levels.map(({ experts }, l) => ({
        units: ownUnits(tasks).map((unit) => (l === 0 ? { ...unit, reads: [SHARED] } : unit)),
        experts,
        outputs: tasks,
        gate: identityGate({ sees: 'own' }),
        penalties: [tensorNormal({ weight: prior })],
      })),
    ]),
  {
    description:
      "shared layers, then one of each task's own under a tensor-normal prior with a learned covariance of the tasks",
    paper: 'Long et al., NeurIPS 2017',
    variant: {
      also: ['mrn'],
      useWhen: 'each task keeps layers of its own, and you want to read how the tasks correlate',
      onlyNamed: true,
      config: (size) => ({ shared: levelsOf(size).slice(0, -1), levels: levelsOf(size).slice(-1) }),
    },
    options,
  },
);

/** The learned covariance of the tasks for one kernel. */
export interface TaskCovariance {
  /** The name of the kernel, such as `levels.1.0.kernel`. */
  readonly of: string;
  readonly tasks: readonly string[];
  /** Σ_task = (Lᵀ L)⁻¹, [tasks][tasks]. Its scale is arbitrary, because Σ_in and Σ_out can compensate a factor. */
  readonly covariance: number[][];
  /** [tasks][tasks] */
  readonly correlation: number[][];
}

const NAME = /^(levels\.\d+)\.tensor-normal\.(.+)\.task$/;

/**
 * Reads the covariances of the tasks that a {@link relationshipNetwork} has learned, one for each kernel with the prior.
 * Tasks with a high correlation have similar kernels.
 *
 * @throws PolytaskError when the model has no tensor-normal prior
 * @example taskCovariance(model)[0].correlation // [[1, 0.6], [0.6, 1]]
 */
export function taskCovariance(model: MultiTaskModel): TaskCovariance[] {
  const covariances = model.store.all().flatMap(({ name, variable }) => {
    const match = NAME.exec(name);
    if (!match) return [];
    const raw = variable.arraySync() as number[][];
    const inverse = lowerInverse(
      raw.map((row, r) => row.map((value, c) => (r === c ? Math.exp(value) : r > c ? value : 0))),
    );
    const covariance = raw.map((_, a) =>
      raw.map((__, b) => inverse[a]!.reduce((sum, value, k) => sum + value * inverse[b]![k]!, 0)),
    );
    const correlation = covariance.map((row, a) =>
      row.map((value, b) => value / Math.sqrt(covariance[a]![a]! * covariance[b]![b]!)),
    );
    return [{ of: `${match[1]}.${match[2]}`, tasks: model.taskNames, covariance, correlation }];
  });
  if (covariances.length > 0) return covariances;
  return fail({
    expected: 'a model whose tasks have a tensor-normal prior',
    received: `"${model.config.network.name}"`,
    fix: 'Build it with relationshipNetwork({ levels }), with experts that have kernels.',
  });
}

function lowerInverse(l: readonly (readonly number[])[]): number[][] {
  const inverse = l.map((row) => row.map(() => 0));
  l.forEach((row, r) => {
    for (let c = 0; c <= r; c++) {
      const product = row.slice(0, r).reduce((sum, value, k) => sum + value * inverse[k]![c]!, 0);
      inverse[r]![c] = (Number(r === c) - product) / row[r]!;
    }
  });
  return inverse;
}
