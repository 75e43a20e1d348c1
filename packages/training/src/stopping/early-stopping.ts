import { notNegative, positive } from '@polytask/components';
import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';

/** The tasks that decide. */
export type Deciding = 'mean' | 'weighted' | 'all' | { readonly task: string };

export interface EarlyStoppingOptions {
  /**
   * A key of the validation scores, for all tasks or by task. The metric itself says whether more or less is better. Default
   * `normalizedLoss`, which can be compared between tasks of different kinds and units.
   */
  metric?: string | Readonly<Record<string, string>>;
  /**
   * The number of epochs without an improvement after which training stops. Default `auto`: 500 steps, and at least 3 epochs.
   * `Infinity` never stops, and only chooses the best epoch.
   */
  patience?: number | 'auto';
  /** The least change that counts as an improvement. Default 0. */
  minDelta?: number;
  /**
   * - `mean` (default): the mean of the metric over tasks; of `calibration`, the mean distance from 1
   * - `weighted`: the mean weighted by `weights`
   * - `all`: training continues while any task improves. The best epoch has the greatest mean relative gain over the first
   *   epoch, so the tasks may have different metrics (`metric: { income: 'auc', hours: 'rmse' }`)
   * - `{ task: 'income' }`: this task alone
   */
  over?: Deciding;
  /** The weights by task, for `weighted`. A task without a weight doesn't count. */
  weights?: Readonly<Record<string, number>>;
  /** Whether the model gets the weights and running statistics of the best epoch at the end. Default true. */
  restoreBest?: boolean;
}

/** Early stopping as plain JSON. */
export interface EarlyStopping extends Required<Omit<EarlyStoppingOptions, 'weights'>> {
  readonly weights: Readonly<Record<string, number>> | undefined;
}

const patience = checks.number(
  'a whole number of epochs, 1 or more,',
  (value) => Number.isSafeInteger(value) && value >= 1,
);

const over: Check = (value, where) => {
  if (typeof value === 'object' && value !== null && typeof (value as { task?: unknown }).task === 'string') return;
  checks.oneOf('mean', 'weighted', 'all', "{ task: 'name' }")(value, where);
};

const metric: Check = (value, where) => {
  const names = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  if (names.length > 0 && names.every((name) => typeof name === 'string' && name !== '')) return;
  fail({
    expected: `the name of a metric for ${where}, or one a task`,
    received: JSON.stringify(value) ?? typeof value,
    fix: "Pass metric: 'auc', or metric: { income: 'auc', hours: 'rmse' }.",
  });
};

const weights: Check = (value, where) => {
  const entries = Object.entries(value ?? {});
  for (const [task, weight] of entries) notNegative(weight, `${where}.${task}`);
  positive(
    entries.reduce((sum, [, weight]) => sum + (weight as number), 0),
    `the sum of ${where}`,
  );
};

const allowed: Options<EarlyStoppingOptions> = {
  metric: checks.optional(metric),
  patience: (value, where) => value === Infinity || value === 'auto' || checks.optional(patience)(value, where),
  minDelta: checks.optional(notNegative),
  over: checks.optional(over),
  weights: checks.optional(weights),
  restoreBest: checks.optional(checks.flag),
};

/**
 * Early stopping by the validation scores of several tasks. It also chooses the best epoch, whose weights the model keeps.
 *
 * @throws PolytaskError when an option is unknown or out of range. `fit` throws when the model lacks a task or a metric
 * @example earlyStopping({ metric: 'auc', patience: 2 })
 * @example earlyStopping({ metric: { income: 'auc', hours: 'rmse' }, over: 'all' })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  checkOptions(options, allowed, 'earlyStopping');
  const {
    metric: by = 'normalizedLoss',
    patience: epochs = 'auto',
    minDelta = 0,
    over: decides = 'mean',
    restoreBest = true,
  } = options;
  if ((decides === 'weighted') !== (options.weights !== undefined)) {
    fail({
      expected: "weights together with over: 'weighted'",
      received: options.weights ? `weights and over: ${JSON.stringify(decides)}` : "over: 'weighted' alone",
      fix: "Pass both: earlyStopping({ metric: 'auc', over: 'weighted', weights: { income: 2, married: 1 } }).",
    });
  }
  return { metric: by, patience: epochs, minDelta, over: decides, weights: options.weights, restoreBest };
}
