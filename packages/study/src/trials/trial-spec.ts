import type { BalancerSpec } from '@polytask/balancing';
import type { ModelParts, ModelSize } from '../models/model-row.ts';
import type { Hyperparameters } from '../search/space.ts';
import type { TrialIdentity } from './trial-key.ts';
import type { TrialConfig } from './trial-result.ts';

/** Which rows: plain data, from which any process can make them. */
export interface DataRequest {
  /** The name of the suite that opens the data. */
  readonly suite: string;
  /** Modules to load before: they may define it, and what models are made of. */
  readonly files: readonly string[];
  readonly directory: string | undefined;
  readonly limitRows: number | undefined;
  /** Settings of the data. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly tasks: readonly string[] | undefined;
}

/** How `fit` and `evaluate` run: as compiled graphs, or as operations of the current TF.js backend. */
export type TrainingMode = 'compiled' | 'eager';

/** The configuration of a trial whose model is still to be built. */
export interface SpecConfig extends TrialConfig {
  readonly model: ModelParts & {
    /** Times the learning rate of the training. */
    readonly rate: number;
    /** Undefined: the plain sum of the losses. */
    readonly balancing?: BalancerSpec;
    /** Where it isn't that of the setting. */
    readonly size?: ModelSize;
    /** What a search has chosen. */
    readonly chosen?: Hyperparameters & Readonly<Record<string, unknown>>;
  };
}

/** One training of one model with one seed, before it is run: plain data, so that any process can run it. */
export interface TrialSpec extends TrialIdentity {
  /** Equal for two specs exactly when they are the same trial, or the same configuration of a search. */
  readonly key: string;
  /** Which of the suite's tables it belongs to; '' where there is but one. */
  readonly setting: string;
  readonly config: SpecConfig;
  readonly request: DataRequest;
  readonly mode: TrainingMode;
}

/** What a trial tells while it runs. */
export interface TrialHooks {
  readonly onEpoch?: ((epoch: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
