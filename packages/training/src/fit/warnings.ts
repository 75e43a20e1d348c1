import type { EpochReport, StoppedBy } from './reports.ts';

/** Something about a training that a reader of its scores has to know: `message` says it in a sentence. */
export interface FitWarning {
  /**
   * - `still-improving`: the best epoch is the last one that was allowed;
   * - `undefined-score`: the validation rows have no label of a task, or one class alone, so that it has no scores there;
   * - `worse-than-constant`: on the validation rows a task is predicted worse than by its base rate or mean;
   * - `weight-died`: a balancer has made a task's weight so small that the task isn't trained.
   */
  readonly kind: 'still-improving' | 'undefined-score' | 'worse-than-constant' | 'weight-died';
  /** Undefined where it is of the whole training. */
  readonly task?: string;
  readonly message: string;
}

/** A task whose weighted loss is a smaller part than this of the largest isn't trained beside it. */
const DEAD = 1e-4;

/**
 * What is odd about a training.
 *
 * @param history all of its epochs
 * @param best the epoch whose weights are kept; undefined without early stopping
 */
export function fitWarnings(
  history: readonly EpochReport[],
  {
    best,
    stopped,
    epochs,
  }: { readonly best: number | undefined; readonly stopped: StoppedBy; readonly epochs: number },
): FitWarning[] {
  const kept = history.find(({ epoch }) => epoch === best) ?? history.at(-1);
  return [
    ...(best === epochs && stopped === 'epochs' ? [stillImproving(epochs)] : []),
    ...undefinedScores(kept),
    ...worseThanConstant(kept),
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
      const message = `Task ${task} has no label, or one class alone, among the validation rows: it has no scores there, and early stopping that waits for them picks no epoch.`;
      return { kind: 'undefined-score', task, message };
    });
}

function worseThanConstant(report: EpochReport | undefined): FitWarning[] {
  return relativeErrorsOf(report).flatMap(([task, relativeError]): FitWarning[] => {
    if (!(relativeError >= 1)) return [];
    const message = `Task ${task} is predicted worse than by a constant: its relative error is ${relativeError.toFixed(3)} on the validation rows.`;
    return [{ kind: 'worse-than-constant', task, message }];
  });
}

/** By weight × loss of the first epoch: a weight alone has the unit of 1 / loss. */
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
