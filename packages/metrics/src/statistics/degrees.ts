import { MetricError, show } from '../metric-error.ts';

/** Refuses what is no number of degrees of freedom. */
export const requireDegrees = (where: string, degrees: unknown): void => {
  if (typeof degrees === 'number' && degrees > 0 && degrees < Infinity) return;
  throw new MetricError(
    where,
    `${show(degrees)} degrees of freedom`,
    'a finite number > 0',
    'It is the number of values minus 1 for a mean.',
  );
};

/** Refuses NaN and numbers below 0 for a statistic that is a sum of squares. */
export const requireSquares = (where: string, noun: string, value: unknown): void => {
  if (typeof value === 'number' && value >= 0) return;
  throw new MetricError(
    where,
    `${noun} = ${show(value)}`,
    'a number >= 0',
    'Look for a NaN in the values it comes from.',
  );
};
