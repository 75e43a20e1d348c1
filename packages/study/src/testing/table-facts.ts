import { mean } from '@polytask/components';
import { holm, pairedDifference, studentTQuantile } from '@polytask/metrics';
import type { RandomTable } from './random-tables.ts';

export type Relation = 'better' | 'worse' | 'no difference' | 'untested';

const BASELINE = 'single-task';
const METRICS: Readonly<Record<string, string>> = { click: 'auc', buy: 'auc', hours: 'rmse' };
const LEAST = 5;

const deviationOf = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

/** What a table says, in plain loops and without the code under test. Values of errors have a minus sign: higher is better. */
export function tableFacts({ trials, testToTrain }: RandomTable) {
  const models = [...new Set(trials.map(({ model }) => model))];
  const tasks = Object.keys(trials[0]!.metrics);
  const own = (model: string) => trials.filter((trial) => trial.model === model);
  const keyOf = ({ seed, fold }: (typeof trials)[number]) => `${seed} ${fold}`;
  const signOf = (metric: string) => (metric === 'auc' ? 1 : -1);
  const scoresOf = (model: string, task: string, metric = METRICS[task]!) =>
    new Map(own(model).map((trial) => [keyOf(trial), signOf(metric) * trial.metrics[task]![metric]!]));
  const pairsOf = (...names: string[]) =>
    own(names[0]!)
      .map(keyOf)
      .filter((key) => names.every((name) => own(name).some((trial) => keyOf(trial) === key)));
  const meanOf = (model: string, task: string, metric?: string) => mean([...scoresOf(model, task, metric).values()]);
  const constantOf = (task: string) => {
    const constant = trials[0]!.constants?.[task]?.[METRICS[task]!];
    return constant === undefined ? undefined : signOf(METRICS[task]!) * constant;
  };
  const isUseful = (model: string, task: string) => !(meanOf(model, task) <= (constantOf(task) ?? -Infinity));
  const isScored = (task: string) => trials.every(({ metrics }) => Number.isFinite(metrics[task]![METRICS[task]!]));

  /** Verdicts of samples of differences, with Holm's correction for all of them. */
  const testAll = (samples: readonly (readonly number[])[]): Relation[] => {
    const tests = samples.map((values) =>
      values.length === 0
        ? { low: NaN, high: NaN, pValue: NaN }
        : pairedDifference(
            values,
            values.map(() => 0),
            { testToTrain },
          ),
    );
    const adjusted = holm(tests.map(({ pValue }) => pValue));
    return tests.map(({ low, high }, i) => {
      if (samples[i]!.length < LEAST || Number.isNaN(low)) return 'untested';
      if (adjusted[i]! > 0.05) return 'no difference';
      return low > 0 ? 'better' : high < 0 ? 'worse' : 'no difference';
    });
  };
  const differences = (a: string, b: string, task: string, metric?: string) => {
    const [ours, theirs] = [scoresOf(a, task, metric), scoresOf(b, task, metric)];
    return pairsOf(a, b).map((key) => ours.get(key)! - theirs.get(key)!);
  };

  const others = models.filter((model) => model !== BASELINE);
  const hasBaseline = others.length < models.length;
  const againstBaseline = new Map<string, Relation>();
  for (const metric of ['auc', 'ne', 'rmse']) {
    const inMetric = tasks.filter((task) => metric in trials[0]!.metrics[task]!);
    const cells = hasBaseline ? others.flatMap((model) => inMetric.map((task) => ({ model, task }))) : [];
    const verdicts = testAll(cells.map(({ model, task }) => differences(model, BASELINE, task, metric)));
    cells.forEach(({ model, task }, i) => againstBaseline.set(`${model} ${task} ${metric}`, verdicts[i]!));
  }

  const counted = tasks.filter((task) => isScored(task) && (!hasBaseline || isUseful(BASELINE, task)));
  /** The mean relative improvement over a model, pair by pair. */
  const gains = (model: string, over: string, on: readonly string[]) =>
    new Map(
      pairsOf(model, over).map((key) => {
        const of = (name: string, task: string) => scoresOf(name, task).get(key)!;
        return [key, mean(on.map((task) => (of(model, task) - of(over, task)) / Math.abs(of(over, task))))];
      }),
    );
  const gainOf = (model: string) => mean([...gains(model, BASELINE, counted).values()]);
  const isByGain = hasBaseline && counted.length > 0;

  const useful = tasks.filter((task) => isScored(task) && models.some((model) => isUseful(model, task)));
  const ranked = isByGain ? counted : useful;
  const inAll = pairsOf(...models);
  const rankOf = (model: string) =>
    mean(
      inAll.flatMap((key) =>
        ranked.map((task) => {
          const value = scoresOf(model, task).get(key)!;
          const values = models.map((name) => scoresOf(name, task).get(key)!);
          return (
            values.filter((each) => each > value).length + (values.filter((each) => each === value).length + 1) / 2
          );
        }),
      ),
    );
  const placeOf = (model: string) => (isByGain ? -gainOf(model) : rankOf(model));
  const isFirst = (model: string) => placeOf(model) === Math.min(...models.map(placeOf));

  /** The overall verdict of each model against another one. */
  const overall = (than: string): ReadonlyMap<string, Relation> => {
    const rivals = models.filter((model) => model !== than);
    const on = isByGain ? counted : tasks.filter((task) => isScored(task) && isUseful(than, task));
    const base = isByGain ? BASELINE : than;
    const verdicts = testAll(
      rivals.map((model) => {
        if (on.length === 0) return [];
        const keys = pairsOf(model, than, base);
        const [ours, theirs] = [gains(model, base, on), gains(than, base, on)];
        const single = (name: string, key: string) => scoresOf(name, on[0]!).get(key)!;
        return keys.map((key) =>
          on.length === 1 ? single(model, key) - single(than, key) : ours.get(key)! - theirs.get(key)!,
        );
      }),
    );
    return new Map(rivals.map((model, i) => [model, verdicts[i]!]));
  };
  return {
    ...{ models, others, tasks, counted, ranked, hasBaseline, isByGain, inAll, trials, testToTrain },
    ...{ meanOf, constantOf, isUseful, isScored, differences, testAll, gainOf, placeOf, isFirst, overall, pairsOf },
    baseline: BASELINE,
    metricOf: (task: string) => METRICS[task]!,
    sizeOf: (model: string) => own(model)[0]!.parameters || Infinity,
    seeds: new Set(trials.map(keyOf)).size,
    /** The least difference that a t test finds in four of five runs. */
    detectableOn(task: string) {
      const deviations = others.flatMap((model) => {
        const values = hasBaseline ? differences(model, BASELINE, task) : [];
        return values.length > 1 && values.every(Number.isFinite) ? [deviationOf(values)] : [];
      });
      const n = new Set(trials.map(keyOf)).size;
      const [sides, power] = [studentTQuantile(0.975, n - 1), studentTQuantile(0.8, n - 1)];
      return (sides + power) * Math.sqrt(mean(deviations.map((each) => each ** 2))) * Math.sqrt(1 / n + testToTrain);
    },
    againstBaseline: (model: string, task: string, metric = METRICS[task]!) =>
      againstBaseline.get(`${model} ${task} ${metric}`)!,
  };
}

export type TableFacts = ReturnType<typeof tableFacts>;
