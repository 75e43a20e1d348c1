import { groupBy, mean } from '@polytask/components';
import { holm, type MeanOptions, meanInterval, type MeanInterval } from '@polytask/metrics';
import { type Against, LEVEL, paired, pairedAgainst } from './comparisons.ts';
import { selectionMeasure } from './metric-entries.ts';

/** A model at one weight of a task, measured on the test rows of one seed. */
export interface MeasuredRun {
  readonly model: string;
  /** The weight of the task, 0 to 1. The other tasks share the rest evenly. */
  readonly weight: number;
  /** Whether one model takes the weight when it predicts. If not, a model was trained with the weight. */
  readonly isConditioned: boolean;
  readonly seed: number;
  /** AUC, or normalized losses, by task. */
  readonly scores: Readonly<Record<string, number>>;
  /** How the scores of seeds depend on each other, by {@link resampling}. Default: they don't. */
  readonly dependence?: MeanOptions | undefined;
}

/** The runs of a model at one weight, among those of other weights and models. */
export interface TradeOffPoint extends Pick<MeasuredRun, 'model' | 'weight' | 'isConditioned'> {
  readonly runs: readonly MeasuredRun[];
  /** The mean score of the task over seeds, with its 95% t interval. */
  readonly score: MeanInterval;
  /** The same of the mean score of the other tasks. */
  readonly others: MeanInterval;
  /** Whether no other point has means that are at least as good in both, and better in one. */
  readonly isOnFront: boolean;
  /** Whether another point is significantly better in both. */
  readonly isDominated: boolean;
}

/** The score of the task, or the mean score of the others. */
function scoreIn({ scores }: MeasuredRun, task: string, isOwn: boolean): number {
  const own = Object.entries(scores).filter(([name]) => (name === task) === isOwn);
  return mean(own.map(([, score]) => score));
}

type Runs = Pick<TradeOffPoint, 'runs'>;

/** a − b in the score of the task, and in the mean of the others. @param measure `auc` or `normalizedLoss` */
export const differencesOf = (a: Runs, b: Runs, task: string, measure: string): (Against | undefined)[] =>
  [true, false].map((isOwn) =>
    pairedAgainst(
      paired(a.runs, b.runs, ({ seed }) => seed),
      (run) => scoreIn(run, task, isOwn),
      selectionMeasure(measure).direction,
      a.runs[0]!.dependence,
    ),
  );

/**
 * The points by model and weight: those on the Pareto front of the means, and those that are significantly dominated: another one is better in
 * the task and in the mean of the others, each by a paired t test. The p value of two points is the larger one (an intersection-union test:
 * Berger 1982), with Holm's correction for all pairs of points. @param measure `auc` or `normalizedLoss`
 */
export function tradeOffPoints(runs: readonly MeasuredRun[], task: string, measure: string): TradeOffPoint[] {
  const sign = selectionMeasure(measure).direction === 'higher' ? 1 : -1;
  const groups = groupBy(runs, ({ model, weight, isConditioned }) => JSON.stringify([model, isConditioned, weight]));
  const points = [...groups.values()].map((own) => {
    const [score, others] = [true, false].map((isOwn) =>
      meanInterval(
        own.map((run) => scoreIn(run, task, isOwn)),
        own[0]!.dependence,
      ),
    );
    const { model, weight, isConditioned } = own[0]!;
    return { model, weight, isConditioned, runs: own, score: score!, others: others! };
  });
  const tests = points.flatMap((a, i) =>
    points.slice(i + 1).map((b, k) => {
      const [own, others] = differencesOf(a, b, task, measure);
      if (!own || !others || own.verdict === 'untested' || !(own.mean * others.mean > 0)) return { p: 1 }; // too few seeds, or each is better in one
      return { p: Math.max(own.pValue, others.pValue), worse: sign * own.mean > 0 ? i + 1 + k : i };
    }),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  const dominated = new Set(tests.flatMap(({ worse }, i) => (adjusted[i]! <= LEVEL ? [worse] : [])));
  return points.map((point, i) => {
    const gainsOf = ({ score, others }: typeof point) => [
      sign * (score.mean - point.score.mean),
      sign * (others.mean - point.others.mean),
    ];
    const isBeaten = points.map(gainsOf).some((gains) => Math.min(...gains) >= 0 && Math.max(...gains) > 0);
    return { ...point, isOnFront: !isBeaten, isDominated: dominated.has(i) };
  });
}
