import { fail, flag, listOf, oneOf, optional, shown } from '@polytask/components';
import { ascendingOutputs, pinball, share } from '../tasks/losses/pinball.ts';
import { defineTask } from '../tasks/task-kind.ts';
import type { Task } from '../tasks/tasks.ts';

/**
 * A task that predicts several quantiles of a number, such as a range that holds eight in ten labels. The prediction is in the label's own
 * unit, row-major [rows × quantiles], and ascends in each row: quantiles never cross.
 */
export interface QuantilesTask extends Task {
  readonly kind: 'quantiles';
  /** The shares of labels below each quantile, ascending, in (0, 1). Default [0.1, 0.5, 0.9]. */
  levels?: readonly number[];
  /** As for `regression`: `standard` (default), or `none`. */
  scale?: 'standard' | 'none';
  /** As for `regression`: trains on sign(y)·log(1 + |y|). Default false. */
  log?: boolean;
  /** Set when a schema is fitted: mean and standard deviation of the label, after the logarithm, by sample weight. */
  readonly fitted?: { readonly mean: number; readonly deviation: number };
}

export const DEFAULT = [0.1, 0.5, 0.9];

export function ascending(levels: readonly number[], where: string): void {
  if (levels.every((level, i) => i === 0 || level > levels[i - 1]!)) return;
  fail({
    expected: `ascending levels for ${where}`,
    received: shown(levels),
    fix: 'Sort them, and give each one once.',
  });
}

export const metricsOf = ({ levels = DEFAULT }: { readonly levels?: readonly number[] }): string[] =>
  (levels.length > 1 ? ['pinball', 'coverage'] : ['pinball']).map((name) => `${name}@${levels.join(':')}`);

/**
 * Declares a task that predicts several quantiles of a number.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example quantiles({ from: 'delivery_days', levels: [0.05, 0.5, 0.95] })
 */
export const quantiles = defineTask<QuantilesTask>('quantiles', {
  options: () => ({
    levels: optional(listOf(share, 1)),
    scale: optional(oneOf('standard', 'none')),
    log: optional(flag),
  }),
  check: ({ levels = DEFAULT }, where) => ascending(levels, where),
  label: ({ log = false, scale = 'standard' }) => ({ type: 'number', log, scale }),
  prediction: ({ levels = DEFAULT }) => ({ type: 'quantiles', names: levels.map(String) }),
  loss: ({ levels = DEFAULT }) => pinball({ levels }),
  predict: (z, math, { levels = DEFAULT }) =>
    levels.length === 1 ? z : math.stack(ascendingOutputs(z, math, levels.length)),
  start: ({ fitted, levels = DEFAULT, scale }) => (fitted && scale !== 'none' ? startOf(levels) : undefined),
  metrics: metricsOf,
  description: 'several quantiles of a number, which never cross',
  paper: 'Koenker and Bassett, Econometrica 1978',
  package: '@polytask/core/tasks',
});

/** The outputs whose quantiles are those of a normal distribution. */
const startOf = (levels: readonly number[]): number[] =>
  levels.map((level, i) =>
    i === 0 ? normalQuantile(level) : Math.log(Math.expm1(normalQuantile(level) - normalQuantile(levels[i - 1]!))),
  );

/** The number below which a standard normal number lies with this probability, to 5e-4 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(level: number): number {
  if (level > 0.5) return -normalQuantile(1 - level);
  const t = Math.sqrt(-2 * Math.log(level));
  const over = 2.515517 + t * (0.802853 + t * 0.010328);
  return over / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
}
