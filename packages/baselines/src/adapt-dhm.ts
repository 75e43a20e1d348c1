import { listOf, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineNetwork, fusion, sharedUnit, type NetworkSpec } from '@polytask/core';
import { starExpert } from '@polytask/experts';
import { identityGate } from '@polytask/gating';

const options = {
  /** The widths of the layers, from the input up; one or more. */
  units: listOf(wholeNumber(1), 1),
  /** The number of clusters, 2 or more. */
  clusters: optional(wholeNumber(2), 4),
};

export interface AdaptDhmOptions extends Written<typeof options>, FromDescription {}

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
  ({ units, clusters }, tasks) =>
    fusion([
      {
        units: sharedUnit(1),
        experts: starExpert({ units, clusters }),
        outputs: tasks,
        gate: identityGate({ sees: 'all' }),
      },
    ]),
  {
    description:
      'layers whose weights are shared ones times those of the cluster of a row; the clusters are found in training',
    paper: 'Li et al. 2022',
    package: '@polytask/baselines',
    variant: {
      useWhen: 'rows come from several distributions, and no column says which',
      onlyNamed: true,
      config: ({ widths }) => ({ units: widths }),
    },
    options,
  },
);
