import type { AutoCandidate, Candidate } from '../search/search.ts';
import type { TrialRows } from '../results/folds.ts';
import type { Failure, TrialResult } from '../results/trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';

export interface RunListener {
  onStart?(plan: RunStart): void;
  onTrialStart?(place: TrialPosition): void;
  onEpoch?(epoch: number, place: TrialPosition): void;
  onTrialEnd?(trial: TrialResult, place: TrialPosition): void;
  /** Another run with the same store has finished the trial. */
  onFinishedElsewhere?(place: TrialPosition): void;
  /** A search has trained a configuration. */
  onCandidate?(candidate: TriedCandidate): void;
  /** A round of a search over models is over. A round without a score has no call. */
  onRound?(round: FinishedRound): void;
  /** A model's search is over. */
  onChoice?(choice: Choice): void;
  /** A trial is repeated, because its process ended early. */
  onRetry?(error: Error, place: TrialPosition): void;
  onFailure?(failure: Failure, place: TrialPosition): void;
  /** A note for the user, in a sentence: the run differs from its options, or the data has a problem. */
  onNote?(message: string): void;
}

export interface RunStart {
  readonly suite: string;
  readonly engine: string;
  readonly models: readonly string[];
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly folds?: number | undefined;
  readonly settings: number;
  /** How many trials the store or other runs have already. */
  readonly there: number;
  readonly total: number;
  /** The time that the missing trials are expected to take. Undefined if a model of them has no stored trial. */
  readonly seconds?: number | undefined;
}

export interface TriedCandidate extends Candidate, TrialRows {
  readonly setting: string;
  readonly model: string;
  /** The 1-based number of the training in the model's search. */
  readonly number: number;
}

export interface FinishedRound {
  /** The 1-based number of the bracket. */
  readonly bracket: number;
  /** The 1-based number of the round in its bracket, which has `of` rounds. */
  readonly round: number;
  readonly of: number;
  /** The largest number of epochs of a training in the round. */
  readonly epochs: number;
  /** How many training rows it takes, at random. Undefined for all. */
  readonly trainingRows: number | undefined;
  /** How many configurations have a score: one or more. */
  readonly trained: number;
  readonly seconds: number;
  /** The best configuration of the search so far. */
  readonly best: Candidate<AutoCandidate>;
}

export interface Choice extends Candidate, TrialRows {
  readonly setting: string;
  readonly model: string;
  /** How many trainings the search ran. */
  readonly tried: number;
}

export interface TrialPosition extends Pick<Failure, 'setting' | 'model' | 'seed' | 'fold'> {
  /** The trial's 1-based index among the trials to run. */
  readonly number: number;
  readonly of: number;
  readonly epochs: number;
}

export const positionOf = (
  { setting, model, seed, fold, config }: TrialSpec,
  index: number,
  of: number,
): TrialPosition => ({
  ...{ setting, model, seed, fold, number: index + 1, of },
  epochs: config.training.epochs,
});
