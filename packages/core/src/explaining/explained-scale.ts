import { encodedScores, labelDecoder, signedLog } from '../tasks/labels.ts';
import { isLog, kindOf, predictionTypeOf } from '../tasks/task-kind.ts';
import type { Task } from '../tasks/tasks.ts';

/**
 * What contributions add up to:
 *
 * - `log-odds` of a probability, ln(p / (1 − p));
 * - `logits` of classes, whose softmax is the probabilities;
 * - `label`: a number in the label's unit;
 * - `log-label`: its logarithm, sign(y) · ln(1 + |y|), as `log: true` has it;
 * - `log`: the logarithm of the prediction;
 * - `prediction`: the prediction itself, of kinds without a link, such as quantiles.
 */
export type ExplainedScale = 'log-odds' | 'logits' | 'label' | 'log-label' | 'log' | 'prediction';

/** How the outputs of a task's head become the numbers that are explained: before the calibration, and for members the link of their mean. */
export interface TaskScale {
  readonly scale: ExplainedScale;
  /** The names of the prediction's numbers: none for a single one. */
  readonly names: readonly string[];
  /** @param logits [members × rows × outputs] @returns [rows × numbers] */
  of(logits: ArrayLike<number>, outputs: number): Float64Array;
}

export function taskScale(task: Task, members: number): TaskScale {
  const { calibrated: _, ...plain } = task;
  const kind = kindOf(task);
  const { names, isExclusive, isProbability } = predictionTypeOf(task);
  const decode = labelDecoder(task);
  const means = (logits: ArrayLike<number>, outputs: number) => encodedScores(plain, logits, outputs, members);
  if (!kind.predict) {
    const scale = isLog(task) ? 'log-label' : 'label';
    return {
      ...{ scale, names },
      of: (...logits) => means(...logits).map((z) => (scale === 'label' ? decode(z) : signedLog(decode(z)))),
    };
  }
  const link = kind.link ?? (kind.logits && 'logit');
  if (link === undefined) {
    const unit = (value: number) => (isProbability ? value : decode(value));
    return { scale: 'prediction', names, of: (...logits) => means(...logits).map(unit) };
  }
  const logs = (logits: ArrayLike<number>, outputs: number) => means(logits, outputs).map(Math.log);
  if (link === 'log') {
    const unit = Math.log(decode(1)); // the mean label, which divides labels
    return {
      ...{ scale: 'log', names },
      of: (logits, outputs) =>
        (members === 1 ? Float64Array.from(logits) : logs(logits, outputs)).map((each) => each + unit),
    };
  }
  return {
    ...{ scale: isExclusive ? 'logits' : 'log-odds', names },
    of(logits, outputs) {
      if (members === 1) return Float64Array.from(logits);
      if (isExclusive) return logs(logits, outputs);
      const of = logs(logits, outputs);
      const no = logs(
        Float64Array.from(logits, (z) => -z),
        outputs,
      ); // 1 − p would round to 0
      return of.map((each, i) => each - no[i]!);
    },
  };
}
