import type { EpochReport, StoppedBy } from '../progress/reports.ts';

/** A warning for the reader of the scores. `message` explains the warning in a sentence. */
export interface FitWarning {
  /**
   * - `still-improving`: the best epoch is the last allowed epoch; of a task, a network that trains itself says so
   * - `undefined-score`: a task has no scores, as the validation rows have no label of the task, or one class alone
   * - `worse-than-constant`: the model predicts a task worse than its base rate or mean, on the validation rows
   * - `loss-not-falling`: the training loss of a task is as high in the last epoch as in the first
   * - `exploding-loss`: the training loss of a task has been more than twice as high as in the first epoch
   * - `weight-died`: the balancer has made the weight of a task so small that the task isn't trained
   * - `calibration-removed`: the model was calibrated before this training
   */
  readonly kind:
    | 'still-improving'
    | 'undefined-score'
    | 'worse-than-constant'
    | 'loss-not-falling'
    | 'exploding-loss'
    | 'weight-died'
    | 'calibration-removed';
  /** Undefined for a warning about the whole training. */
  readonly task?: string;
  /** What was seen, and the remedy. */
  readonly message: string;
}

/** A task isn't trained when its weighted loss is smaller than this part of the largest weighted loss. */
const DEAD = 1e-4;

/** @param best the epoch whose weights the model has; undefined without early stopping */
export function fitWarnings(
  history: readonly EpochReport[],
  { best, stopped, epochs }: { best: number | undefined; stopped: StoppedBy; epochs: number },
): FitWarning[] {
  const message = `Still improving at epoch ${epochs} of ${epochs}: train for more epochs.`;
  const finalReport = history.find(({ epoch }) => epoch === best) ?? history.at(-1);
  return [
    ...(best === epochs && stopped === 'epochs' ? [{ kind: 'still-improving', message } as const] : []),
    ...badScores(finalReport),
    ...badCurves(history, finalReport),
    ...deadWeights(history),
  ];
}

const normalizedLossesOf = (report: EpochReport | undefined): [task: string, normalizedLoss: number][] =>
  Object.entries(report?.validation ?? {}).map(([task, scores]) => [task, scores.normalizedLoss!]);

const badScores = (report: EpochReport | undefined): FitWarning[] =>
  normalizedLossesOf(report).flatMap(([task, normalizedLoss]): FitWarning[] => {
    if (Number.isNaN(normalizedLoss)) {
      const message =
        `Task ${task} has no label, or one class alone, among the validation rows: it has no scores there, ` +
        'and early stopping that waits for them picks no epoch.';
      return [{ kind: 'undefined-score', task, message }];
    }
    if (normalizedLoss < 1) return [];
    const message =
      `Task ${task} is predicted worse than by a constant: ` +
      `its normalized loss is ${normalizedLoss.toFixed(3)} on the validation rows. diagnose looks for the reason.`;
    return [{ kind: 'worse-than-constant', task, message }];
  });

/** A loss that falls by a smaller part is flat. */
const FLAT = 1e-3;
const LEAST_EPOCHS = 3;
/** Above this multiple of the first epoch's loss, which is the highest of a healthy training, a loss explodes. */
const EXPLODED = 2;
/** With a smaller normalized loss on validation rows, a task has been learned in the first epoch, or in an earlier training. */
const LEARNED = 0.99;

/** Judges the training losses, epoch by epoch. Losses below 0, of densities, don't explode by a multiple. */
function badCurves(history: readonly EpochReport[], report: EpochReport | undefined): FitWarning[] {
  const errors = new Map(normalizedLossesOf(report));
  return Object.entries<number>(history[0]?.losses ?? {}).flatMap(([task, first]): FitWarning[] => {
    const losses = history.map((epoch) => (epoch.losses as Readonly<Record<string, number>>)[task]!);
    const [highest, last] = [Math.max(...losses), losses.at(-1)!];
    const suggested = 'findLearningRate, or --learning-rate find, suggests one';
    if (first > 0 && highest > EXPLODED * first) {
      const message =
        `The training loss of task ${task} went up from ${first.toPrecision(3)} in the first epoch to ${highest.toPrecision(3)}: ` +
        `gradients explode. Lower the learning rate (${suggested}), or clip the gradients (clip: { norm: 1 }).`;
      return [{ kind: 'exploding-loss', task, message }];
    }
    const isFlat = losses.length >= LEAST_EPOCHS && last > first - FLAT * Math.abs(first);
    if (!isFlat || errors.get(task)! < LEARNED) return [];
    const message =
      `The training loss of task ${task} isn't falling: ${first.toPrecision(3)} in the first epoch, ${last.toPrecision(3)} in the last. ` +
      `Take another learning rate (${suggested}). If that doesn't help, the features may not tell the label.`;
    return [{ kind: 'loss-not-falling', task, message }];
  });
}

/** Compares weight × |loss of the first epoch|, as weights of losses with different units can't be compared. */
function deadWeights(history: readonly EpochReport[]): FitWarning[] {
  const weights = Object.entries<number>(history.at(-1)?.balancing?.weights ?? {});
  const first: Readonly<Record<string, number>> = history[0]?.losses ?? {};
  const parts = weights.map(([task, weight]) => ({ task, weight, part: weight * Math.abs(first[task] ?? NaN) }));
  const most = Math.max(0, ...parts.map(({ part }) => part).filter(Number.isFinite));
  return parts
    .filter(({ part }) => part < DEAD * most)
    .map(({ task, weight, part }): FitWarning => {
      const message =
        `The balancer has given task ${task} a weight of ${weight.toPrecision(2)}: its weighted loss is ${((100 * part) / most).toPrecision(2)}% ` +
        'of the largest one, so it is hardly trained. Take another balancer.';
      return { kind: 'weight-died', task, message };
    });
}
