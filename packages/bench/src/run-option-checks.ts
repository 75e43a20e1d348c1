import { checks, type Check, type Options } from '@polytask/core';
import { count, positive, seeds, sizeOptions } from './checks.ts';
import type { RunOptions } from './run-options.ts';

const { optional, flag, listOf, shaped } = checks;

/** For an option that is looked at elsewhere, or passed on. */
const anything: Check = () => {};

/** For core's `checkOptions`. */
export const runOptions: Options<RunOptions> = {
  suite: anything,
  models: optional(listOf(anything, 1)),
  balancers: optional(listOf(anything, 1)),
  baseline: optional(anything),
  seeds: optional(seeds),
  epochs: optional(count),
  batchSize: optional(count),
  patience: optional(count),
  learningRate: optional(positive),
  size: optional(shaped(sizeOptions)),
  engine: anything,
  directory: anything,
  limitRows: optional(count),
  out: anything,
  force: optional(flag),
  reuse: optional(listOf(anything, 1)),
  workers: optional(checks.wholeNumber()),
  retries: optional(checks.wholeNumber()),
  signal: anything,
  listener: anything,
};
