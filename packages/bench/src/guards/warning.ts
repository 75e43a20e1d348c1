/** What may be wrong with a trial, or with the data that it was given. */
export type Guard = 'constant predictions' | 'equal predictions' | 'diverged' | 'failed' | 'data';

/** Something that a reader of the numbers has to know. */
export interface Warning {
  readonly guard: Guard;
  /** In a sentence, without the model and the seed. */
  readonly message: string;
}
