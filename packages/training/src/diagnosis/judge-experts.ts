import type { FusionLevel } from '@polytask/core';
import type { GateUse } from '../evaluation/evaluate-gates.ts';
import type { GradientRelations } from '../evaluation/evaluate-gradients.ts';
import type { Finding } from './findings.ts';

/** An output that varies by a smaller share of its size is constant within the rounding of float32. */
const SAME = 1e-5;
/** An expert with less than this part of an equal share is of no use. */
const UNUSED = 0.01;
/** The gates of a task with a smaller normalized loss on the training rows may well have decided. */
const DECIDED = 0.5;
/** A gate that gives one expert at least this share picks it. */
const PICKED = 0.99;

/**
 * Judges the experts and gates of a level. Only gates that read the rows are judged: constant weights may choose by design. An expert that
 * is the same for all rows is always dead. To leave others out may be right, so it counts for tasks that aren't learned.
 *
 * @param deviations of each expert's output over rows, as a share of its size
 * @param errorOf the normalized loss of the task of an output on training rows; of a shared output, the largest one
 */
export function judgeLevel(
  level: number,
  { outputs, chooses }: Pick<FusionLevel, 'outputs' | 'chooses'>,
  { experts, units, weights }: GateUse,
  deviations: readonly number[],
  errorOf: (output: string) => number,
): Finding[] {
  const sees = chooses();
  const areLearned = outputs.every((output) => errorOf(output) < DECIDED);
  const dead = experts.flatMap((expert, e): Finding[] => {
    const share = Math.max(...outputs.map((output) => units[output]!.shares[e]!));
    const deviation = deviations[e]!;
    const place = `Expert ${expert} of level ${level}`;
    if (deviation < SAME) {
      const message =
        `${place} gives the same output for all rows: it is dead. ` +
        'Lower the learning rate, clip the gradients, or take an activation without a flat side (gelu, selu).';
      return [{ kind: 'dead-expert', level, expert, share, deviation, message }];
    }
    if (areLearned || !sees.some((row) => row[e]) || !(share < UNUSED / experts.length)) return [];
    const message =
      `${place} has at most ${share.toPrecision(2)} of the weights of any output: no gate uses it. ` +
      'Take fewer experts, or a gate that balances them (noisyTopKGate).';
    return [{ kind: 'dead-expert', level, expert, share, deviation, message }];
  });
  const picked = outputs.flatMap((output, u): Finding[] => {
    const gated = weights.gated[u]!.map(Math.abs);
    const share = Math.max(...gated) / gated.reduce((sum, weight) => sum + weight, 0);
    if (errorOf(output) < DECIDED || sees[u]!.filter(Boolean).length < 2 || !(share >= PICKED)) return [];
    const expert = experts[gated.indexOf(Math.max(...gated))]!;
    const message =
      `The gate of ${output} at level ${level} always picks expert ${expert} (${share.toFixed(3)} of its weights). ` +
      'Lower the learning rate, or take a gate that explores (noisyTopKGate). If the scores are fine, so is the gate.';
    return [{ kind: 'one-expert', level, output, expert, share, message }];
  });
  return [...dead, ...picked];
}

/** With a gradient this many times shorter, a task has under 1% of the squared length of a step. */
const DROWNED = 10;
/** Gradients with a larger cosine pull alike, so the longer one serves both. */
const ALIKE = 0.5;

/** A task with a smaller normalized loss on the training rows has a short gradient because it is learned. */
const LEARNED = 0.3;

/**
 * Judges the gradients of the tasks at the parameters that they share. The task that drowns others has learned something.
 *
 * @param errors the normalized loss of each task on training rows
 */
export function judgeGradients(
  tasks: readonly string[],
  { lengths, cosines }: Pick<GradientRelations, 'lengths' | 'cosines'>,
  errors: readonly number[],
): Finding[] {
  const longest = lengths.indexOf(Math.max(...lengths));
  const by = tasks[longest]!;
  if (!(errors[longest]! < 1)) return [];
  return tasks.flatMap((task, t): Finding[] => {
    const ratio = lengths[longest]! / lengths[t]!;
    const cosine = cosines[longest]![t]!;
    if (!(ratio >= DROWNED && ratio < Infinity && cosine < ALIKE && errors[t]! >= LEARNED)) return [];
    const message =
      `The gradient of task ${by} is ${ratio.toFixed(0)} times as long as that of task ${task} in the shared parameters, ` +
      `which follow ${by} (cosine ${cosine.toFixed(2)}). Give ${task} a larger weight, or balance the tasks (balancing: gradNorm()).`;
    return [{ kind: 'drowned-task', task, by, ratio, cosine, message }];
  });
}
