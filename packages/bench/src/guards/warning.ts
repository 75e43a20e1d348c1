/** What may be wrong with a trial, or with the data that it was given. A new guard is a name here. */
export const GUARDS = [
  'constant predictions',
  'equal predictions',
  'worse than a constant',
  'one class',
  'still improving',
  'dead weight',
  'diverged',
  'failed',
  'data',
] as const;

export type Guard = (typeof GUARDS)[number];

/** Something that a reader of the numbers has to know. */
export interface Warning {
  readonly guard: Guard;
  /** In a sentence, without the model and the seed. */
  readonly message: string;
  /** The task whose numbers it concerns; undefined where it concerns the whole model. */
  readonly task?: string | undefined;
}
