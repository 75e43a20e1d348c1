import { defineFinding, type Finding, type ModelFamily } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { undefinedScore, worseThanConstant } from '../evaluation/bad-scores.ts';
import type { EpochReport, StoppedBy } from '../progress/reports.ts';

interface Trained {
  readonly tasks: Tasks;
  /** The epoch whose weights the model has; undefined without early stopping. */
  readonly best: number | undefined;
  readonly stopped: StoppedBy;
  readonly epochs: number;
  readonly family: ModelFamily;
}

const improving = /* @__PURE__ */ defineFinding<never, { epochs: number }>('still-improving', {
  says: ({ epochs }) => `Still improving at epoch ${epochs} of ${epochs}:`,
  remedy: ({ epochs }) => ({ says: 'train for more epochs.', train: { epochs: 2 * epochs } }),
});

/** What the curve of a training and its scores say. */
export function fitWarnings(history: readonly EpochReport[], trained: Trained): Finding[] {
  const { best, stopped, epochs } = trained;
  const scores = (history.find(({ epoch }) => epoch === best) ?? history.at(-1))?.validation ?? {};
  const errors = Object.entries(scores).map(([task, { normalizedLoss }]) => [task, normalizedLoss!] as const);
  return [
    ...(best === epochs && stopped === 'epochs' ? [improving({}, { epochs })] : []),
    ...errors.flatMap(([task, error]) => badScores(task, error, trained)),
    ...badCurves(history, new Map(errors)),
    ...deadWeights(history),
  ];
}

function badScores(task: string, normalizedLoss: number, { tasks, family }: Trained): Finding[] {
  const about = { task, part: 'validation' };
  return Number.isNaN(normalizedLoss)
    ? [undefinedScore(about, {})]
    : worseThanConstant(about, tasks[task]!, normalizedLoss, undefined, { family });
}

const SUGGESTED = 'findLearningRate, or --learning-rate find, suggests one';

const exploding = /* @__PURE__ */ defineFinding<'task', { first: number; highest: number }>('exploding-loss', {
  says: ({ task, first, highest }) =>
    `The training loss of task ${task} went up from ${first.toPrecision(3)} in the first epoch to ${highest.toPrecision(3)}: ` +
    'gradients explode.',
  remedy: {
    says: `Lower the learning rate (${SUGGESTED}), or clip the gradients (clip: { norm: 1 }).`,
    train: { learningRate: 'find' },
  },
});
const notFalling = /* @__PURE__ */ defineFinding<'task', { first: number; last: number }>('loss-not-falling', {
  says: ({ task, first, last }) =>
    `The training loss of task ${task} isn't falling: ${first.toPrecision(3)} in the first epoch, ${last.toPrecision(3)} in the last.`,
  remedy: {
    says: `Take another learning rate (${SUGGESTED}). If that doesn't help, the features may not tell the label.`,
    train: { learningRate: 'find' },
  },
});

/** A loss that falls by a smaller part is flat, after enough epochs. */
const FLAT = 1e-3;
const LEAST_EPOCHS = 3;
/** Above this multiple of the first epoch's loss, which is the highest of a healthy training, a loss explodes. */
const EXPLODED = 2;
/** With a smaller normalized loss on validation rows, a task has been learned in the first epoch, or in an earlier training. */
const LEARNED = 0.99;

/** Judges the training losses, epoch by epoch. Losses below 0, of densities, don't explode by a multiple. */
const badCurves = (history: readonly EpochReport[], errors: ReadonlyMap<string, number>): Finding[] =>
  Object.entries<number>(history[0]?.losses ?? {}).flatMap(([task, first]): Finding[] => {
    const losses = history.map((epoch) => (epoch.losses as Readonly<Record<string, number>>)[task]!);
    const [highest, last] = [Math.max(...losses), losses.at(-1)!];
    if (first > 0 && highest > EXPLODED * first) return [exploding({ task }, { first, highest })];
    const isFlat = last > first - (losses.length < LEAST_EPOCHS ? 0 : FLAT * Math.abs(first));
    return isFlat && !(errors.get(task)! < LEARNED) ? [notFalling({ task }, { first, last })] : [];
  });

/** `part`: the weighted loss of the first epoch, over the largest one of a task. */
const deadWeight = /* @__PURE__ */ defineFinding<'task', { weight: number; part: number }>('weight-died', {
  says: ({ task, weight, part }) =>
    `The balancer has given task ${task} a weight of ${weight.toPrecision(2)}: its weighted loss is ${(100 * part).toPrecision(2)}% ` +
    'of the largest one, so it is hardly trained.',
  remedy: 'Take another balancer.',
});

/** A task isn't trained when its weighted loss is smaller than this part of the largest weighted loss. */
const DEAD = 1e-4;

/** Compares weight × |loss of the first epoch|, as weights of losses with different units can't be compared. */
function deadWeights(history: readonly EpochReport[]): Finding[] {
  const weights = Object.entries<number>(history.at(-1)?.balancing?.weights ?? {});
  const first: Readonly<Record<string, number>> = history[0]?.losses ?? {};
  const parts = weights.map(([task, weight]) => ({ task, weight, part: weight * Math.abs(first[task] ?? NaN) }));
  const most = Math.max(0, ...parts.map(({ part }) => part).filter(Number.isFinite));
  return parts
    .filter(({ part }) => part < DEAD * most)
    .map(({ task, weight, part }) => deadWeight({ task }, { weight, part: part / most }));
}
