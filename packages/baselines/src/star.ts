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
import { fusion, SHARED, sharedUnit, type NetworkSpec } from '@polytask/core';
import { mlp, partitionedNorm, passExpert, starExpert } from '@polytask/experts';
import { identityGate } from '@polytask/gating';
import { defineNetwork, oneExpert, sharedLevel } from './levels.ts';

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
  ({ units, context, normalize, auxiliary }, tasks) =>
    fusion([
      { ...sharedLevel(normalize ? partitionedNorm({ context }) : passExpert()), keeps: [AUXILIARY] },
      {
        units: [...sharedUnit(1), { ...oneExpert(AUXILIARY), expert: auxiliary }],
        experts: starExpert({ units, context }),
        outputs: [SHARED, AUXILIARY],
        gate: identityGate({ sees: 'own' }),
      },
      { ...sharedLevel(passExpert(), tasks), units: [{ ...sharedUnit(1)[0]!, reads: [SHARED, AUXILIARY] }] },
    ]),
  {
    description:
      'layers whose weights are shared ones times those of the scenario, and an auxiliary network on the scenario',
    paper: 'Sheng et al., CIKM 2021',
    variant: {
      useWhen: 'a few scenarios have many rows each, and follow the same rules to different degrees',
      onlyNamed: true,
      needsContext: true,
      config: ({ widths }) => ({ units: widths }),
    },
    options,
  },
);

const clusteredOptions = {
  /** The widths of the layers, from the input up; one or more. */
  units: listOf(wholeNumber(1), 1),
  /** The number of clusters, 2 or more. */
  clusters: optional(wholeNumber(2), 4),
};

export interface AdaptDhmOptions extends Written<typeof clusteredOptions>, FromDescription {}

/**
 * AdaptDHM (Li et al. 2022): star layers whose parts are clusters of rows. Each row takes the cluster with the nearest center, and the
 * centers follow the rows in training. So the schema needs no context. The tasks share the layers. In the paper, there is one task.
 * Centers may merge, and one cluster then has all rows: embeddings that start small keep them apart.
 *
 * @throws PolytaskError when there is no layer, or an option is unknown or invalid
 * @example adaptDhm({ units: [128, 64], clusters: 4 })
 */
export const adaptDhm: (config: AdaptDhmOptions) => NetworkSpec = defineNetwork(
  'adapt-dhm',
  ({ units, clusters }, tasks) => fusion([sharedLevel(starExpert({ units, clusters }), tasks)]),
  {
    description:
      'layers whose weights are shared ones times those of the cluster of a row; the clusters are found in training',
    paper: 'Li et al. 2022',
    variant: {
      useWhen: 'rows come from several distributions, and no column says which',
      onlyNamed: true,
      config: ({ widths }) => ({ units: widths }),
    },
    options: clusteredOptions,
  },
);
