import type { Hyperparameters } from './space.ts';

/** A configuration that was tried: a line of search.jsonl. */
export interface SearchLine {
  /** Of all that the score depends on. */
  readonly key: string;
  readonly setting: string;
  readonly model: string;
  readonly values: Hyperparameters;
  readonly epochs: number;
  /** On the validation rows; null where the training failed. */
  readonly score: number | null;
}

/** The scores of searches, and a place for new ones: a search that was stopped goes on where it was. */
export interface ScoreStore {
  /** NaN where the training failed; undefined where nobody tried it. */
  score(key: string): number | undefined;
  /** The same of other runs, whose scores may be copied. */
  otherScore(key: string): number | undefined;
  append(line: SearchLine): Promise<void>;
}
