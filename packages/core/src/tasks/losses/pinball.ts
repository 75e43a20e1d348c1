import { fail, listOf, number, type OutputMath, shown } from '@polytask/components';
import { pinballLoss } from '@polytask/components/arithmetic';
import { passedByTask, predictionOf } from '../task-kind.ts';
import { defineLoss } from './define.ts';

export const share = /* @__PURE__ */ number({ above: 0, below: 1 });

/**
 * The pinball loss: max(q (y − z), (q − 1) (y − z)) for the level q, as a mean over the levels. Its best prediction is the label's quantile q
 * (Koenker and Bassett, Econometrica 1978). It is the loss of a `quantiles` task, which passes its levels. The outputs of several levels
 * ascend: each one is the one before and a positive step.
 *
 * @throws PolytaskError when the levels aren't shares in (0, 1), or don't fit the task
 * @example regression({ loss: pinball({ levels: [0.9] }) }) // a bound that nine in ten labels are below
 */
export const pinball = /* @__PURE__ */ defineLoss(
  'pinball',
  ({ levels }, outputs) =>
    (z, y, math) => {
      const { add, mul } = math;
      const values = outputs === 1 ? [z] : ascendingOutputs(z, math, outputs);
      const losses = values.map((value, i) => pinballLoss(levels[i]!)(value, y, math));
      const total = losses.reduce((sum, loss) => add(sum, loss));
      return mul(total, 1 / outputs);
    },
  {
    tasks: ['regression', 'quantiles'],
    also: ['quantile'],
    options: () => ({
      /** The shares of labels below each predicted quantile, in (0, 1). One of them for `regression`; those of the task for `quantiles`. */
      levels: listOf(share, 1),
    }),
    fits(config, task, where) {
      if (predictionOf(task).names) return passedByTask(config, task, where);
      const fix = 'For several quantiles, declare a quantiles task.';
      if (config.levels.length > 1) fail({ expected: `one level for ${where}`, received: shown(config.levels), fix });
    },
    description: 'mean pinball loss of one or several quantiles',
    paper: 'Koenker and Bassett, Econometrica 1978',
  },
);

/** The first output, and then each one more than the one before, by softplus of its output. */
export function ascendingOutputs<V>(z: V, { add, at, softplus }: OutputMath<V>, outputs: number): V[] {
  const values = [at(z, 0)];
  for (let i = 1; i < outputs; i++) values.push(add(values[i - 1]!, softplus(at(z, i))));
  return values;
}
