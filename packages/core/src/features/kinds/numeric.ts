import { flag, number, optional } from '@polytask/components';
import { registerFeature } from '../feature-kind.ts';
import { scaledNumber } from '../scale.ts';

/**
 * A standardized number: (x − mean) / standard deviation, after sign(x)·log(1 + |x|) with `log`. A missing value becomes the mean.
 */
export interface NumericFeature {
  readonly kind: 'numeric';
  readonly mean: number;
  readonly deviation: number;
  readonly log?: boolean;
  /** Adds a second input that is 1 where the value is missing. */
  readonly indicator?: boolean;
}

registerFeature<NumericFeature>('numeric', {
  fitted: () => ({ mean: number(), deviation: number(), log: optional(flag), indicator: optional(flag) }),
  form: (scale) => ({ type: 'numbers', width: scale.indicator ? 2 : 1, scale, write: scaledNumber(scale) }),
});
