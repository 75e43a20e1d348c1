import { learningRateAt, sgd, type ScheduleSpec } from '@polytask/training';
import { check, expectThat } from '../cases/case.ts';
import { tester } from '../tester.ts';

/** Steps of four epochs, and two that are long after any training. */
const STEPS = [...Array(40).keys(), 1e3, 1e6];

/** The rates of these steps, asked for in this order. Throws for a rate that is negative or no number. */
const ratesOf = (spec: ScheduleSpec, order: readonly number[] = STEPS.map((_, i) => i)): number[] => {
  const rates: number[] = [];
  for (const i of order) rates[i] = learningRateAt(spec, { step: STEPS[i]!, stepsPerEpoch: 10 });
  return rates;
};

/**
 * Tests a schedule, alone and in a fit.
 *
 * @example testSchedule(cosine(1e-3, { epochs: 2 }), { runner });
 */
export const testSchedule = tester({ kind: 'schedule' }, (spec: ScheduleSpec) => ({
  spec,
  numbers: (each: ScheduleSpec) => ({ 'the rate of step': ratesOf(each) }),
  rows: { weights: STEPS.map(() => 1), found: (order) => ({ 'the rate of step': ratesOf(spec, order) }) },
  fit: { options: { optimizer: sgd(spec) } },
  way: () => ({ fit: { optimizer: sgd(spec) } }),
  own: {
    'it moves': check(() => {
      const moves = ratesOf(spec).some((rate) => rate > 0);
      expectThat(moves, 'a rate above 0 at some step', 'none');
    }, 'Look at the sign and at the first steps.'),
  },
}));
