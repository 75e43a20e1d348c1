import type { BalancerSpec } from '@polytask/balancing';
import type { MultiTaskModel, Schema } from '@polytask/core';
import type { GradientRelations, CallbackAnswer as StopVerdict } from '@polytask/training';
import type { ModelParts, Hyperparameters } from '../models/models.ts';
import type { TrialIdentity, FusionLevelWeights, TrialConfig } from '../results/trial-result.ts';
import type { TrialParts } from '../models/model-variant.ts';
import type { SavedTeacher } from '../suites/suite.ts';

/** A request for rows. It is plain data, so that any process can make the rows. */
export interface DataRequest {
  readonly suite: string;
  /** Modules to import first. They may define the suite, and components of the models. */
  readonly files: readonly string[];
  readonly directory: string | undefined;
  readonly limitRows: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  readonly tasks: readonly string[] | undefined;
  readonly folds?: number | undefined;
}

/**
 * How `fit` and `evaluate` run: `compiled` graphs on onnxruntime-node, `compiled-wasm` for the same on onnxruntime-web, or `eager`
 * operations of the current TF.js backend.
 */
export type TrainingMode = 'compiled' | 'compiled-wasm' | 'eager';

/** Hashes the code from outside that a trial may depend on. @returns undefined for a trial with none, and for unknown code */
export type CodeOf = (config: Pick<TrialSpec['config'], 'model' | 'training'>) => string | undefined;

/** The model of a planned trial, with the parts that it is built from. */
interface PlannedModel extends ModelParts {
  /** Undefined: the plain sum of the losses. */
  readonly balancing?: BalancerSpec;
  readonly chosen?: Hyperparameters & Readonly<Record<string, unknown>>;
}

/** A planned trial: one training of one model with one seed, and one fold if there are folds. Plain data: any process can run it. */
export interface TrialSpec extends TrialIdentity {
  /** `trialKey` of a trial on the test rows, `scoreKey` of one on the validation rows. Equal specs have equal keys. */
  readonly key: string;
  readonly parts: TrialParts;
  /** The rows that the trained model is measured on. A trial on the validation rows can't read the test rows. */
  readonly measures: 'validation' | 'test';
  /** The title of the setting; '' for a suite with one setting. */
  readonly setting: string;
  readonly config: TrialConfig & { readonly model: PlannedModel };
  readonly request: DataRequest;
  readonly mode: TrainingMode;
  /** The teacher. `config.training` has its hash, for the key. Default: none. */
  readonly teacher?: SavedTeacher | undefined;
  /** Whether the result has the predictions. It is no part of the key. Default: false. */
  readonly keepPredictions?: boolean;
  /** Whether to look for faults of the trained model: see `diagnose`. It takes a second. It is no part of the key. Default: false. */
  readonly diagnosed?: boolean;
}

/** The callback, the signal and the checkpoints of a trial that runs anywhere. */
export interface TrialHooks {
  /** Called after each epoch with its 1-based number. `'stop'` makes the epoch the last. */
  readonly onEpoch?: ((epoch: number) => 'stop' | void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The directory of checkpoints. A training that was interrupted there goes on. Default: no checkpoints. */
  readonly checkpoints?: string | undefined;
}

/** The hooks of a trial in this process, which can reach the model. {@link TrialHooks} are such hooks, too. */
export interface TrainingHooks extends Omit<TrialHooks, 'onEpoch'> {
  /**
   * Makes the model to train, which the training disposes of on an error. Default, and if it gives none: a new one of the spec.
   *
   * @param schema of the rows
   */
  readonly start?: ((schema: Schema, spec: TrialSpec) => Promise<MultiTaskModel | undefined>) | undefined;
  /**
   * Called and awaited after each epoch with its 1-based number. `'stop'` makes the epoch the last.
   *
   * @param measure measures the epoch, with a pass over the validation rows for the fusion weights, and one over
   *   some of them for the gradients. The training stays the same
   */
  readonly onEpoch?: ((epoch: number, measure: () => Promise<EpochMeasures>) => StopVerdict) | undefined;
  /** Called and awaited with the trained model, before the model is disposed of. */
  readonly onTrained?: ((model: MultiTaskModel) => Promise<void> | void) | undefined;
}

export interface EpochMeasures {
  /** The mean training loss of each task. NaN for a task without a label in the epoch. */
  readonly losses: Readonly<Record<string, number>>;
  /** The selection measure of each task on the validation rows. */
  readonly validation: Readonly<Record<string, number>>;
  /** The fusion weights over the validation rows, level by level. */
  readonly fusion: readonly FusionLevelWeights[];
  /** The relation of the tasks' gradients on some of the validation rows. NaN where tasks share no parameter. */
  readonly gradients: GradientRelations;
}
