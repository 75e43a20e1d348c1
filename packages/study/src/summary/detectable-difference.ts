import { studentTQuantile } from '@polytask/metrics';
import { LEVEL } from './comparisons.ts';

const POWER = 0.8;

/** From so many seeds on, nobody runs more. */
const UNLIMITED = 1000;

/**
 * The smallest true difference that a paired t test over n seeds shows in four of five runs: (t(1 − α/2) + t(power)) · s / √n, with quantiles
 * of n − 1 degrees of freedom (Cohen 1988 has normal ones), α 5% and power 80%. Folds: the factor 1 / n + testToTrain in place of 1 / n.
 * @example detectableDifference(0.01, 5); // (2.7764 + 0.9410) · 0.01 / √5 = 0.0166
 */
export const detectableDifference = (deviation: number, seeds: number, testToTrain = 0): number =>
  seeds < 2
    ? NaN
    : ((studentTQuantile(1 - LEVEL / 2, seeds - 1) + studentTQuantile(POWER, seeds - 1)) * deviation) /
      Math.sqrt(seeds / (1 + seeds * testToTrain));

/** The number of seeds from which on {@link detectableDifference} is at most a difference; Infinity above 1,000. */
export function seedsToDetect(difference: number, deviation: number, testToTrain = 0): number {
  const isEnough = (seeds: number) => detectableDifference(deviation, seeds, testToTrain) <= Math.abs(difference);
  if (!isEnough(UNLIMITED)) return Infinity;
  let [few, enough] = [1, UNLIMITED];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
