/** The length of a training. `fit` and the bench use it by default. */
export interface TrainingBudget {
  /** Rows in a step. */
  readonly batchSize: number;
  /** The maximal number of passes over the rows. Early stopping may end training before. */
  readonly epochs: number;
  /** The number of epochs without an improvement after which early stopping ends training. */
  readonly patience: number;
}

/** The approximate number of steps in an epoch. */
const STEPS_AN_EPOCH = 100;
const BATCH = { least: 32, most: 1024 };
/** The maximal number of steps of a training. */
const MOST_STEPS = 10_000;
const EPOCHS = { least: 10, most: 100 };
/** The number of steps without an improvement that early stopping waits for. */
const PATIENT_STEPS = 500;

/** Epochs of patience, when the number of steps in an epoch is unknown. */
export const LEAST_PATIENCE = 3;

/**
 * A training budget for a number of rows. Models learn by steps, so a small table gets small batches and many epochs.
 *
 * - An epoch has about 100 steps. The batch size is a power of two, from 32 to 1,024
 * - Training has at most 10,000 steps, in 10 to 100 epochs
 * - Early stopping waits 500 steps for an improvement, and at least 3 epochs
 *
 * @param rows the number of training rows
 * @example trainingBudget(12_000) // { batchSize: 128, epochs: 100, patience: 6 }
 */
export function trainingBudget(rows: number): TrainingBudget {
  const batchSize = batchSizeFor(rows);
  const steps = Math.max(1, Math.ceil(rows / batchSize));
  return { batchSize, epochs: epochsFor(steps), patience: patienceFor(steps) };
}

export const batchSizeFor = (rows: number): number =>
  within(2 ** Math.round(Math.log2(Math.max(1, rows / STEPS_AN_EPOCH))), BATCH);

/** @param steps the number of steps in an epoch */
export const epochsFor = (steps: number): number => within(Math.ceil(MOST_STEPS / steps), EPOCHS);

/** @param steps the number of steps in an epoch */
export const patienceFor = (steps: number): number => Math.max(LEAST_PATIENCE, Math.ceil(PATIENT_STEPS / steps));

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(most, Math.max(least, value));
