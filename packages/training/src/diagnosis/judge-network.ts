import { defineFinding, type Finding, sum } from '@polytask/components';
import type { FusionLevel } from '@polytask/core';
import type { GateUse } from '../evaluation/evaluate.ts';
import type { GradientRelations } from '../evaluation/evaluate-gradients.ts';

// Only networks that are trained by gradients have experts, gates and gradients, so there is one remedy.

interface Expert {
  /** The index of the level, from 0. */
  readonly level: number;
  /** `unit.index` */
  readonly expert: string;
  /** The mean share of the weights that an output of the level gives to it. For an expert that no gate uses, the largest one. */
  readonly share: number;
}

/** An expert gives the same output for all rows: `deviation` is 0. Or no gate uses it. */
const deadExpert = /* @__PURE__ */ defineFinding<never, Expert & { deviation: number }>('dead-expert', {
  says: ({ level, expert, share, deviation }) =>
    `Expert ${expert} of level ${level} ` +
    (deviation < SAME
      ? 'gives the same output for all rows: it is dead.'
      : `has at most ${share.toPrecision(2)} of the weights of any output: no gate uses it.`),
  remedy: ({ deviation }) =>
    deviation < SAME
      ? 'Lower the learning rate, clip the gradients, or take an activation without a flat side (gelu, selu).'
      : 'Take fewer experts, or a gate that balances them (noisyTopKGate).',
});

/** The gate of an output may choose between experts, and gives one of them the weight in all rows. */
const oneExpert = /* @__PURE__ */ defineFinding<never, Expert & { output: string }>('one-expert', {
  says: ({ level, output, expert, share }) =>
    `The gate of ${output} at level ${level} always picks expert ${expert} (${share.toFixed(3)} of its weights).`,
  remedy:
    'Lower the learning rate, or take a gate that explores (noisyTopKGate). If the scores are fine, so is the gate.',
});

/** An output that varies by a smaller share of its size is constant within the rounding of float32. */
const SAME = 1e-5;
/** An expert with less than this part of an equal share is of no use. */
const UNUSED = 0.01;
/** The gates of a task with a smaller normalized loss on the training rows may well have decided. */
const DECIDED = 0.5;
const PICKED = 0.99;

/** Only gates that read the rows are judged: constants may choose by design. To leave experts out may be right where tasks are learned. */
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
    const isDead = deviation < SAME;
    const isUnused = !areLearned && sees.some((row) => row[e]) && share < UNUSED / experts.length;
    return isDead || isUnused ? [deadExpert({}, { level, expert, share, deviation })] : [];
  });
  const picked = outputs.flatMap((output, u): Finding[] => {
    const gated = weights.gated[u]!.map(Math.abs);
    const share = Math.max(...gated) / sum(gated);
    if (errorOf(output) < DECIDED || sees[u]!.filter(Boolean).length < 2 || !(share >= PICKED)) return [];
    const expert = experts[gated.indexOf(Math.max(...gated))]!;
    return [oneExpert({}, { level, output, expert, share })];
  });
  return [...dead, ...picked];
}

/** `ratio`: the length of the gradient of `by`, the longest one, over that of the task. The shared parameters follow it. */
const drowned = /* @__PURE__ */ defineFinding<'task', { by: string; ratio: number; cosine: number }>('drowned-task', {
  says: ({ task, by, ratio, cosine }) =>
    `The gradient of task ${by} is ${ratio.toFixed(0)} times as long as that of task ${task} in the shared parameters, ` +
    `which follow ${by} (cosine ${cosine.toFixed(2)}).`,
  remedy: ({ task }) => ({
    says: `Give ${task} a larger weight, or balance the tasks (balancing: gradNorm()).`,
    train: { balancer: 'gradnorm' },
  }),
});

/** With a gradient this many times shorter, a task has under 1% of the squared length of a step. */
const DROWNED = 10;
/** Gradients with a larger cosine pull alike, so the longer one serves both. */
const ALIKE = 0.5;

/** A task with a smaller normalized loss on the training rows has a short gradient because it is learned. */
const LEARNED = 0.3;

/** The task that drowns others has learned something. @param errors the normalized loss of each task on training rows */
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
    return [drowned({ task }, { by, ratio, cosine })];
  });
}
