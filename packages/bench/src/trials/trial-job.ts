import type { BalancerSpec } from '@polytask/balancing';
import type { ModelParts } from '../models/model-row.ts';
import type { TrialConfig } from './trial.ts';

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

/** A trial that is to be run: plain data, to be sent to another process. */
export interface TrialJob {
  readonly request: DataRequest;
  readonly seed: number;
  readonly parts: ModelParts;
  /** Undefined: the plain sum of the losses. */
  readonly balancing?: BalancerSpec | undefined;
  readonly training: TrialConfig['training'];
  /** Times the learning rate of `training`. */
  readonly rate: number;
  readonly engine: 'compiled' | 'eager';
}

/** What a trial tells while it runs. */
export interface TrialHooks {
  readonly onEpoch?: ((epoch: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
