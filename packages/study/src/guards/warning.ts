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
  'limited rows',
] as const;

export type Guard = (typeof GUARDS)[number];

/** What is odd about the data of a suite: a sentence, or one with the task whose numbers it concerns. */
export type DataNote = string | (Omit<Warning, 'guard'> & { readonly guard?: Guard });

/** Something that a reader of the numbers has to know. */
export interface Warning {
  readonly guard: Guard;
  /** In a sentence, without the model and the seed. */
  readonly message: string;
  /** The task whose numbers it concerns; undefined where it concerns the whole model. */
  readonly task?: string | undefined;
}

/** The sentence of a note. */
export const noteText = (note: DataNote): string => (typeof note === 'string' ? note : note.message);
