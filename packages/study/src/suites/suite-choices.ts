import { checks, type Options } from '@polytask/core';
import type { BalancerEntry } from '../balancers/balancers.ts';
import { count, folds, seeds } from '../checks.ts';
import { sizeOptions, type ModelSize } from '../models/registered-model.ts';
import type { ModelReference } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';
import type { SuiteEntry } from './suite-entry.ts';
import type { LoadedSuite } from './suites.ts';
import { type TrainingChoices, trainingOptions } from '../training/choices.ts';

/** The choices for a comparison. The suite has a default for each missing choice. */
export interface SuiteChoices extends TrainingChoices {
  /**
   * A suite, its name, or its file (JSON, TypeScript or JavaScript) where there are files; or a suite that a loader has loaded, so that
   * it isn't loaded again. Default: `when-sharing-helps`.
   */
  readonly suite?: string | SuiteEntry | SuiteDeclaration | LoadedSuite | undefined;
  /**
   * Names of models, with options of the network: `adatt(residual=false)`. Or your own rows. Default: the suite's models, or
   * the models of the table.
   */
  readonly models?: readonly ModelReference[] | undefined;
  /**
   * Names of balancers, with options: `gradnorm(alpha=0.5)`. Or your own rows. Each model is trained under each of them, under
   * the plain sum, and under the plain sum with weights that are tuned on the validation rows. Default: the suite's balancers,
   * or the plain sum alone.
   */
  readonly balancers?: readonly (string | BalancerEntry)[] | undefined;
  /**
   * Names of experts, with options: `mlp(activation=gelu)`. Each model that can take another expert is trained with its own,
   * and with each of these.
   */
  readonly experts?: readonly string[] | undefined;
  /** Names of gates, with options. Each model that can take another gate is trained with its own, and with each of these. */
  readonly gates?: readonly string[] | undefined;
  /**
   * The model that the others are compared with. Default: the suite's baseline, or `single-task`. If that isn't run, and experts, gates or
   * balancers are compared: the first model with its own parts.
   */
  readonly baseline?: string | undefined;
  /** The seeds: one trial of each model for each seed. */
  readonly seeds?: readonly number[] | undefined;
  /**
   * k-fold cross-validation: each seed deals the rows into so many folds, and each fold is the test rows of one trial of each
   * model. Several seeds repeat it. Default: no folds. With folds, the default of the seeds is the suite's first seed.
   */
  readonly folds?: number | undefined;
  readonly size?: Partial<ModelSize> | undefined;
  /** The directory of the suite's data. */
  readonly directory?: string | undefined;
  readonly limitRows?: number | undefined;
}

const { anything, listOf, optional, shaped } = checks; // `anything` is checked later

/** The checks of the choices, for core's `readOptions`. */
export const suiteChoices: Options<SuiteChoices> = {
  suite: anything,
  models: optional(listOf(anything, 1)),
  balancers: optional(listOf(anything, 1)),
  experts: optional(listOf(anything, 1)),
  gates: optional(listOf(anything, 1)),
  baseline: optional(anything),
  seeds: optional(seeds),
  folds: optional(folds),
  ...trainingOptions,
  size: optional(shaped(sizeOptions)),
  directory: anything,
  limitRows: optional(count),
};
