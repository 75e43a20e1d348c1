import { learningRateAt, sgd, type ScheduleSpec } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

const STEPS = 40;

/** The rates of steps, in this order, with ten steps an epoch; the last are long after any training. */
const ratesOf = (spec: ScheduleSpec, steps: readonly number[]): number[] =>
  steps.map((step) => learningRateAt(spec, { step, stepsPerEpoch: 10 })); // throws for a rate that is negative or no number

const AFTER = [1e3, 1e6];
const ALL = [...Array(STEPS).keys(), ...AFTER];

const numbers = (spec: ScheduleSpec): Numbers => ({ 'the rate of step': ratesOf(spec, ALL) });

/** The rate of a step is the same whichever steps were asked for before. */
function checkPure(spec: ScheduleSpec): void {
  const backwards = ratesOf(spec, [...ALL].reverse()).reverse();
  expectAgreement({ 'the rate of step': backwards }, numbers(spec), 0, {
    what: 'the same rates asked for in another order',
    fix: 'Compute the rate from the configuration and the clock alone: a training that is resumed begins in the middle.',
  });
}

/** Some rate is above 0. */
function checkMoves(spec: ScheduleSpec): void {
  if (ratesOf(spec, ALL).some((rate) => rate > 0)) return;
  broken({ expected: 'a rate above 0 at some step', seen: 'none', fix: 'Look at the sign and at the first steps.' });
}

/**
 * Tests a schedule: the promises of its kind, and those of every component.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testSchedule(cosine(1e-3, { epochs: 2 }), { runner });
 */
export const testSchedule = tester('schedule', {}, (spec: ScheduleSpec) => ({
  spec,
  numbers: (each) => numbers(each as ScheduleSpec),
  fit: { model: () => tinyModel(tinyNetwork(), { tasks: ['a', 'b'] }), options: { optimizer: sgd(spec) } },
  way: () => ({ fit: { optimizer: sgd(spec) } }),
  own: {
    'it reads nothing but the clock': () => checkPure(spec),
    'it moves': () => checkMoves(spec),
  },
}));
