import { balancerNeeds, type BalancerSpec, type BalancerVariant } from '@polytask/balancing';
import { specOf, variantsOf } from '@polytask/core';
import type { NamedRow } from '../named-row.ts';

/** A row of the balancer table: what `--balancers` names. */
export interface BalancerRow extends NamedRow {
  readonly paper?: string;
  /** None: losses are added, each with its task's own weight, as `fit` does by itself. */
  readonly spec?: BalancerSpec;
  /** True of a plain sum whose weights a run chooses on the validation rows. */
  readonly tuned?: boolean;
}

/** The plain sum with the tasks' own weights: it is in every comparison. */
export const CONTROL: BalancerRow = {
  name: 'equal',
  description: "the plain sum of the losses, with the tasks' own weights: the control",
};

/** What a balancer has to beat: weights that are found by trying. It is wherever balancers are compared. */
export const TUNED: BalancerRow = {
  name: 'tuned-weights',
  description: 'the plain sum with weights that did best on the validation rows: the tuned control',
  paper: 'Kurin et al., NeurIPS 2022',
  tuned: true,
};

/**
 * All that `--balancers` knows: the controls, and every variant of a balancer, each Gramian method a second time on the representation,
 * unless it is only there.
 *
 * @example balancers().map(({ name }) => name).includes('pcgrad@representation') // true
 */
export const balancers = (): readonly BalancerRow[] => [
  CONTROL,
  TUNED,
  ...variantsOf<BalancerVariant>('balancer').flatMap(({ component, config = {}, ...about }): BalancerRow[] => {
    const spec: BalancerSpec = specOf('balancer', component, config);
    if (balancerNeeds(spec).of !== 'parameters') return [{ ...about, spec }];
    const { alias: _, ...other } = about;
    const onRepresentation = specOf('balancer', component, { ...config, of: 'representation' });
    return [
      { ...about, spec },
      {
        ...other,
        name: `${about.name}@representation`,
        description: `${about.description}; one pass through the trunk`,
        spec: onRepresentation,
      },
    ];
  }),
];
