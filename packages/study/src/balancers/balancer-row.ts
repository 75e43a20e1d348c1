import type { BalancerSpec } from '@polytask/balancing';
import type { NamedRow } from '../named-row.ts';

/** A row of the balancer table: what `--balancers` names. */
export interface BalancerRow extends NamedRow {
  readonly paper?: string;
  /** None: losses are added, each with its task's own weight, as `fit` does by itself. */
  readonly spec?: BalancerSpec;
  /** True of a plain sum whose weights a run chooses on the validation rows. */
  readonly tuned?: boolean;
}
