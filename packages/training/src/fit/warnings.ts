import type { EpochReport, StoppedBy } from '../progress/reports.ts';

/** A warning for the reader of the scores. `message` explains the warning in a sentence. */
export interface FitWarning {
  /**
   * - `still-improving`: the best epoch is the last allowed epoch; of a task, a network that trains itself says so
   * - `undefined-score`: a task has no scores, as the validation rows have no label of the task, or one class alone
   * - `worse-than-constant`: the model predicts a task worse than its base rate or mean, on the validation rows
   * - `weight-died`: the balancer has made the weight of a task so small that the task isn't trained
   * - `calibration-removed`: the model was calibrated before this training
   */
  readonly kind: 'still-improving' | 'undefined-score' | 'worse-than-constant' | 'weight-died' | 'calibration-removed';
  /** Undefined for a warning about the whole training. */
  readonly task?: string;
  readonly message: string;
}

/** A task isn't trained when its weighted loss is smaller than this part of the largest weighted loss. */
const DEAD = 1e-4;

/**
 * The warnings about a training.
 *
 * @param history the reports of all epochs
 * @param best the epoch whose weights the model has; undefined without early stopping
 */
export function fitWarnings(
  history: readonly EpochReport[],
  {
    best,
    stopped,
    epochs,
  }: { readonly best: number | undefined; readonly stopped: StoppedBy; readonly epochs: number },
): FitWarning[] {
  const finalReport = history.find(({ epoch }) => epoch === best) ?? history.at(-1);
  return [
    ...(best === epochs && stopped === 'epochs' ? [stillImproving(epochs)] : []),
    ...undefinedScores(finalReport),
    ...worseThanConstant(finalReport),
    ...deadWeights(history),
  ];
}

const stillImproving = (epochs: number): FitWarning => ({
  kind: 'still-improving',
  message: `Still improving at epoch ${epochs} of ${epochs}: train for more epochs.`,
});

const relativeErrorsOf = (report: EpochReport | undefined): [task: string, relativeError: number][] =>
  Object.entries(report?.validation ?? {}).map(([task, scores]) => [task, scores.relativeError!]);

function undefinedScores(report: EpochReport | undefined): FitWarning[] {
  return relativeErrorsOf(report)
    .filter(([, relativeError]) => Number.isNaN(relativeError))
    .map(([task]): FitWarning => {
      const message =
        `Task ${task} has no label, or one class alone, among the validation rows: it has no scores there, ` +
        'and early stopping that waits for them picks no epoch.';
      return { kind: 'undefined-score', task, message };
    });
}

function worseThanConstant(report: EpochReport | undefined): FitWarning[] {
  return relativeErrorsOf(report).flatMap(([task, relativeError]): FitWarning[] => {
    if (!(relativeError >= 1)) return [];
    const message =
      `Task ${task} is predicted worse than by a constant: ` +
      `its relative error is ${relativeError.toFixed(3)} on the validation rows.`;
    return [{ kind: 'worse-than-constant', task, message }];
  });
}

/** Compares weight × loss of the first epoch, as weights of losses with different units can't be compared. */
function deadWeights(history: readonly EpochReport[]): FitWarning[] {
  const weights = Object.entries<number>(history.at(-1)?.balancing?.weights ?? {});
  const first: Readonly<Record<string, number>> = history[0]?.losses ?? {};
  const parts = weights.map(([task, weight]) => ({ task, weight, part: weight * (first[task] ?? NaN) }));
  const most = Math.max(0, ...parts.map(({ part }) => part).filter(Number.isFinite));
  return parts
    .filter(({ part }) => part < DEAD * most)
    .map(({ task, weight }): FitWarning => {
      const message = `The balancer has given task ${task} a weight of ${weight.toPrecision(2)}: it is hardly trained.`;
      return { kind: 'weight-died', task, message };
    });
}
