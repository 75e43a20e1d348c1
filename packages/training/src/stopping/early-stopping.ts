import {
  custom,
  either,
  fail,
  flag,
  notNegative,
  oneOf,
  optional,
  positive,
  readOptions,
  record,
  shaped,
  text,
  wholeNumber,
  type FromDescription,
  type Read,
  type ReadValue,
  type Written,
} from '@polytask/components';

const deciding = either(
  oneOf('mean', 'weighted', 'all'),
  shaped({
    /** The task that decides alone. */
    task: text,
  }),
);

/** The tasks that decide. */
export type Deciding = ReadValue<typeof deciding>;

const epochs = wholeNumber(1);
const patience = custom<number>(
  (value, where) => (value === Infinity ? value : epochs.read(value, where)),
  epochs.shape,
);

const description = {
  /**
   * A key of the validation scores, for all tasks or by task. The metric itself says whether more or less is better. `normalizedLoss`
   * can be compared between tasks of different kinds and units.
   */
  metric: optional(either(text, record(text)), 'normalizedLoss'),
  /**
   * The number of epochs without an improvement after which training stops. `auto`: 500 steps, and at least 3 epochs. `Infinity` never
   * stops, and only chooses the best epoch.
   */
  patience: optional(either(patience, oneOf('auto')), 'auto'),
  /** The least change that counts as an improvement. */
  minDelta: optional(notNegative, 0),
  /**
   * - `mean`: the mean of the metric over tasks; of `calibration`, the mean distance from 1
   * - `weighted`: the mean weighted by `weights`
   * - `all`: training continues while any task improves. The best epoch has the greatest mean relative gain over the first
   *   epoch, so the tasks may have different metrics (`metric: { income: 'auc', hours: 'rmse' }`)
   * - `{ task: 'income' }`: this task alone
   */
  over: optional(deciding, 'mean'),
  /** The weights by task, for `weighted`. A task without a weight doesn't count. */
  weights: optional(record(notNegative)),
  /** Whether the model gets the weights and running statistics of the best epoch at the end. */
  restoreBest: optional(flag, true),
};

export interface EarlyStoppingOptions extends Written<typeof description>, FromDescription {}

/** Early stopping as plain JSON. */
export interface EarlyStopping extends Read<typeof description>, FromDescription {}

/**
 * Early stopping by the validation scores of several tasks. It also chooses the best epoch, whose weights the model keeps.
 *
 * @throws PolytaskError when an option is unknown or out of range. `fit` throws when the model lacks a task or a metric
 * @example earlyStopping({ metric: 'auc', patience: 2 })
 * @example earlyStopping({ metric: { income: 'auc', hours: 'rmse' }, over: 'all' })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const read = readOptions(options, description, 'earlyStopping');
  const { over, weights } = read;
  if ((over === 'weighted') !== (weights !== undefined)) {
    fail({
      expected: "weights together with over: 'weighted'",
      received: weights ? `weights and over: ${JSON.stringify(over)}` : "over: 'weighted' alone",
      fix: "Pass both: earlyStopping({ metric: 'auc', over: 'weighted', weights: { income: 2, married: 1 } }).",
    });
  }
  if (weights) {
    const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
    positive.read(sum, 'the sum of earlyStopping.weights');
  }
  return read;
}
