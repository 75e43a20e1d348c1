/** How long to train: what `fit` and the bench do unless they are told otherwise. */
export interface TrainingBudget {
  /** Rows a step. */
  readonly batchSize: number;
  /** At most so many passes over the rows, where early stopping may end training before. */
  readonly epochs: number;
  /** Epochs without an improvement after which it does. */
  readonly patience: number;
}

/** Steps that an epoch should have, about. */
const STEPS_AN_EPOCH = 100;
const BATCH = { least: 32, most: 1024 };
/** Steps in all that training may take. */
const MOST_STEPS = 10_000;
const EPOCHS = { least: 10, most: 100 };
/** Steps without an improvement. */
const PATIENT_STEPS = 500;

/** Epochs of patience, where nobody knows how many steps an epoch has. */
export const LEAST_PATIENCE = 3;

/**
 * A budget that fits the number of rows. Models learn by steps, so small tables get small batches and many epochs: an
 * epoch has about 100 steps, with batches of 32 to 1,024 rows, a power of two. Training may take 10,000 steps, in 10 to 100
 * epochs, and waits 500 steps for an improvement, 3 epochs at least.
 *
 * @param rows to train on
 * @example trainingBudget(12_000) // { batchSize: 128, epochs: 100, patience: 6 }
 */
export function trainingBudget(rows: number): TrainingBudget {
  const batchSize = batchSizeFor(rows);
  const steps = Math.max(1, Math.ceil(rows / batchSize));
  return { batchSize, epochs: epochsFor(steps), patience: patienceFor(steps) };
}

export const batchSizeFor = (rows: number): number =>
  within(2 ** Math.round(Math.log2(Math.max(1, rows / STEPS_AN_EPOCH))), BATCH);

/** @param steps an epoch has */
export const epochsFor = (steps: number): number => within(Math.ceil(MOST_STEPS / steps), EPOCHS);

/** @param steps an epoch has */
export const patienceFor = (steps: number): number => Math.max(LEAST_PATIENCE, Math.ceil(PATIENT_STEPS / steps));

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(most, Math.max(least, value));
