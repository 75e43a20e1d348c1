import { requireNumber } from '../require-number.ts';
import { checkLength, defineSchedule, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

type Config = Length & { start: number; rate: number; staircase: boolean };

const decay = defineSchedule<Config>('exponential-decay', (config, clock) => {
  const share = clock.step / stepsOf(config, clock.stepsPerEpoch);
  return config.start * config.rate ** (config.staircase ? Math.floor(share) : share);
});

/**
 * start · rate^(t/n) at step t, where n is the length. With `staircase` the exponent is rounded down: the rate falls by
 * that factor every n steps (PyTorch's `StepLR`).
 *
 * @example sgd(exponentialDecay(0.1, { rate: 0.1, epochs: 3, staircase: true }))
 */
export function exponentialDecay(start: number, options: Length & { rate: number; staircase?: boolean }): ScheduleSpec {
  const { rate, staircase = false } = options;
  requireNumber('the start of exponentialDecay', start, { min: 0 }, 'Pass a learning rate such as 1e-3.');
  requireNumber('the rate of exponentialDecay', rate, { above: 0 }, 'Pass the factor by which it falls, such as 0.5.');
  return decay({ ...checkLength('exponentialDecay', options), start, rate, staircase });
}
