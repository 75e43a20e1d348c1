import { custom, fail, flag, listOf, oneOf, optional, shown, type Option } from '@polytask/components';
import { ascendingOutputs, pinball, share } from '../tasks/losses/pinball.ts';
import { defineTask } from './define.ts';

/** One number or more that ascend, also as 32-bit floats, which labels are. */
export function ascending(of: Option<number>): Option<readonly number[]> {
  const list = listOf(of, 1);
  return custom((value, where) => {
    const numbers = list.read(value, where);
    if (numbers.every((each, i) => i === 0 || Math.fround(each) > Math.fround(numbers[i - 1]!))) return numbers;
    const fix = 'Sort them, and give each one once. 32 bits must tell them apart.';
    return fail({ expected: `ascending numbers for ${where}`, received: shown(numbers), fix });
  }, list.shape);
}

export const ofQuantiles = {
  /** The shares of labels below each quantile, ascending, in (0, 1). */
  levels: optional(ascending(share), [0.1, 0.5, 0.9]),
};

export const metricsOf = (levels: readonly number[]): string[] =>
  (levels.length > 1 ? ['pinball', 'coverage'] : ['pinball']).map((name) => `${name}@${levels.join(':')}`);

const options = {
  ...ofQuantiles,
  /** As for `regression`: `none` leaves labels as they are. */
  scale: optional(oneOf('standard', 'none'), 'standard'),
  /** As for `regression`: trains on sign(y)·log(1 + |y|). */
  log: optional(flag, false),
};

/**
 * Declares a task that predicts several quantiles of a number, such as a range that holds eight in ten labels. The prediction is in the
 * label's own unit, row-major [rows × quantiles], and ascends in each row: quantiles never cross.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example quantiles({ from: 'delivery_days', levels: [0.05, 0.5, 0.95] })
 */
export const quantiles = defineTask(
  'quantiles',
  ({ levels, log, scale }) => ({
    label: { type: 'number', log, scale },
    prediction: { type: 'quantiles', names: levels.map(String) },
    loss: () => pinball({ levels }),
    predict: (z, math) => (levels.length === 1 ? z : math.stack(ascendingOutputs(z, math, levels.length))),
    start: scale === 'none' ? undefined : () => startOf(levels),
    metrics: metricsOf(levels),
  }),
  {
    options,
    description: 'several quantiles of a number, which never cross',
    paper: 'Koenker and Bassett, Econometrica 1978',
  },
);

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
