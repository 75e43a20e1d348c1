import { checks, type Check, type Options } from '@polytask/core';
import type { BalancerRow } from '../balancers/balancer-row.ts';
import { count, positive, seeds, sizeOptions } from '../checks.ts';
import type { ModelSize } from '../models/model-row.ts';
import type { ModelReference } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';
import type { SuiteRow } from './suite-row.ts';

/** What to compare. Whatever is left out is the suite's default. */
export interface SuiteChoices {
  /** A name of the table, or a suite of your own; a file (JSON, TypeScript, JavaScript) where there are files. Default `when-sharing-helps`. */
  readonly suite?: string | SuiteRow | SuiteDeclaration | undefined;
  /** Names of the table, or rows of your own. Default: the suite's, or the whole table. */
  readonly models?: readonly ModelReference[] | undefined;
  /**
   * Names of the table, or rows of your own: each model is trained under each of them, under the plain sum, and under a plain
   * sum with weights that are tuned on the validation rows. Default: the suite's, or the plain sum alone.
   */
  readonly balancers?: readonly (string | BalancerRow)[] | undefined;
  /** The model that the others are compared with. Default: the suite's, or `single-task`. */
  readonly baseline?: string | undefined;
  /** One trial of each model a seed. */
  readonly seeds?: readonly number[] | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  /** Epochs without a better validation score after which a training stops. */
  readonly patience?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly size?: Partial<ModelSize> | undefined;
  /** Where the suite's data is. */
  readonly directory?: string | undefined;
  readonly limitRows?: number | undefined;
}

const { optional, listOf, shaped } = checks;

/** For an option that is looked at elsewhere, or passed on. */
export const anything: Check = () => {};

/** For core's `checkOptions`. */
export const suiteChoices: Options<SuiteChoices> = {
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
  directory: anything,
  limitRows: optional(count),
};
