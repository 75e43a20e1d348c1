import {
  component,
  flag,
  listOf,
  optional,
  text,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { defineNetwork, fusion, SHARED, sharedUnit, type NetworkSpec, type Unit } from '@polytask/core';
import { mlp, partitionedNorm, passExpert, starExpert } from '@polytask/experts';
import { identityGate } from '@polytask/gating';

const options = {
  /** The widths of the star layers, from the input up; one or more. */
  units: listOf(wholeNumber(1), 1),
  /** The name of the context. Default: the schema's only context. */
  context: optional(text),
  /** The auxiliary network, an expert as wide as the last layer. Default: one layer of that width. */
  auxiliary: optional(component('expert'), ({ units }) => mlp((units as readonly number[]).slice(-1))),
  /** Whether the input has a partitioned normalization. */
  normalize: optional(flag, true),
};

export interface StarOptions extends Written<typeof options>, FromDescription {}

const AUXILIARY = 'auxiliary';
const layer: Unit = { name: AUXILIARY, kind: 'own', experts: 1 };

/**
 * STAR, the star topology adaptive recommender (Sheng et al., CIKM 2021): a partitioned normalization of the input, then layers with the
 * weights W ⊙ W_p of the row's scenario p. An auxiliary network reads the input with the embedding of the scenario. A head reads
 * both side by side, so a task's logit is s_m + s_a (section 3.5). The tasks share the layers. In the paper, there is one task.
 *
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if the schema has no such
 *   context, or the widths of the last layer and the auxiliary network differ
 * @example star({ units: [128, 64], context: 'tab' })
 */
export const star: (config: StarOptions) => NetworkSpec = defineNetwork(
  'star',
  ({ units, context, normalize, auxiliary }, tasks) => {
    const own = identityGate({ sees: 'own' });
    return fusion([
      {
        units: sharedUnit(1),
        experts: normalize ? partitionedNorm({ context }) : passExpert(),
        outputs: [SHARED],
        keeps: [AUXILIARY],
        gate: own,
      },
      {
        units: [...sharedUnit(1), { ...layer, expert: auxiliary }],
        experts: starExpert({ units, context }),
        outputs: [SHARED, AUXILIARY],
        gate: own,
      },
      {
        units: [{ name: SHARED, kind: 'shared', experts: 1, reads: [SHARED, AUXILIARY] }],
        experts: passExpert(),
        outputs: tasks,
        gate: identityGate({ sees: 'all' }),
      },
    ]);
  },
  {
    description:
      'layers whose weights are shared ones times those of the scenario, and an auxiliary network on the scenario',
    paper: 'Sheng et al., CIKM 2021',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'a few scenarios have many rows each, and follow the same rules to different degrees',
      onlyNamed: true,
      needsContext: true,
      config: ({ widths }) => ({ units: widths }),
    },
    options,
  },
);
