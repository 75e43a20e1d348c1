import type { Candidate } from '../search/search.ts';
import type { TrialResult } from './trial-result.ts';

/** Told how a run goes. */
export interface RunListener {
  onStart?(plan: RunStart): void;
  onTrialStart?(place: TrialPlace): void;
  onEpoch?(epoch: number, place: TrialPlace): void;
  onTrialEnd?(trial: TrialResult, place: TrialPlace): void;
  /** A configuration of a search has been trained. */
  onCandidate?(candidate: TriedCandidate): void;
  /** A model's search is over. */
  onChoice?(choice: Choice): void;
  /** A trial whose process was lost is tried again. */
  onRetry?(error: Error, place: TrialPlace): void;
  onFailure?(failure: Failure, place: TrialPlace): void;
  /** Anything that isn't as it was asked for, in a sentence. */
  onNote?(message: string): void;
}

/** What a run is going to do. */
export interface RunStart {
  readonly suite: string;
  readonly engine: string;
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  /** How many tables. */
  readonly settings: number;
  /** Trials that are there already. */
  readonly there: number;
  readonly total: number;
}

/** A configuration that a search has tried. */
export interface TriedCandidate extends Candidate {
  readonly setting: string;
  readonly model: string;
  /** From 1. */
  readonly number: number;
}

/** What a search has chosen for a model. */
export interface Choice extends Candidate {
  readonly setting: string;
  readonly model: string;
  /** Trainings in all. */
  readonly tried: number;
}

/** Which trial it is. */
export interface TrialPlace {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  /** Its 1-based index among those to run. */
  readonly number: number;
  readonly of: number;
  /** At most so many. */
  readonly epochs: number;
}

/** A trial that came to nothing. The others go on, and a later run tries it again. */
export interface Failure {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  readonly error: Error;
  /** How often it was tried. */
  readonly attempts: number;
  /** The file with its error and what its process wrote; only with `out`. */
  readonly log?: string;
}
