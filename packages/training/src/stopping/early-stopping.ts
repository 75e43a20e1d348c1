import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { notNegative, positive } from '../option-checks.ts';

/** Which tasks decide. */
export type Deciding = 'mean' | 'weighted' | 'all' | { readonly task: string };

export interface EarlyStoppingOptions {
  /**
   * A key of the validation scores, for all tasks or by task. Whether more or less of it is better is known from the
   * metric. Default `relativeError`, which can be compared between tasks of different kinds and units.
   */
  metric?: string | Readonly<Record<string, string>>;
  /**
   * Epochs without an improvement after which training stops. Default `auto`: 500 steps, and 3 epochs at least.
   * `Infinity` only picks the best epoch.
   */
  patience?: number | 'auto';
  /** Smaller improvements don't count against the patience. Default 0. */
  minDelta?: number;
  /**
   * - `mean` (default): the mean of the metric over tasks;
   * - `weighted`: its mean weighted by `weights`;
   * - `all`: goes on as long as any task improves. The best epoch is the one with the greatest mean relative gain over the
   *   first epoch, so metrics of different kinds (`metric: { income: 'auc', hours: 'rmse' }`) may be put together;
   * - `{ task: 'income' }`: that task alone.
   */
  over?: Deciding;
  /** By task, for `weighted`. A task that is left out doesn't count. */
  weights?: Readonly<Record<string, number>>;
  /** Whether the model ends with the weights, running statistics included, of the best epoch. Default true. */
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
    mend: "Pass metric: 'auc', or metric: { income: 'auc', hours: 'rmse' }.",
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
 * When to stop, by the validation scores of several tasks, and which epoch's weights to keep.
 *
 * @throws PolytaskError when an option is unknown or unfit; `fit` throws when a task or metric isn't the model's
 * @example earlyStopping({ metric: 'auc', patience: 2 })
 * @example earlyStopping({ metric: { income: 'auc', hours: 'rmse' }, over: 'all' })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  checkOptions(options, allowed, 'earlyStopping');
  const {
    metric: by = 'relativeError',
    patience: epochs = 'auto',
    minDelta = 0,
    over: decides = 'mean',
    restoreBest = true,
  } = options;
  if ((decides === 'weighted') !== (options.weights !== undefined)) {
    fail({
      expected: "weights together with over: 'weighted'",
      received: options.weights ? `weights and over: ${JSON.stringify(decides)}` : "over: 'weighted' alone",
      mend: "Pass both: earlyStopping({ metric: 'auc', over: 'weighted', weights: { income: 2, married: 1 } }).",
    });
  }
  return { metric: by, patience: epochs, minDelta, over: decides, weights: options.weights, restoreBest };
}
