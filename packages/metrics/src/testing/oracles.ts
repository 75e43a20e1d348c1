/**
 * The definition of each metric in plain loops over pairs of rows. The rows have weight 1 (`expanded`), except for NDCG, whose
 * weights belong to queries.
 */
import { aboutOf, mean, sum } from '@polytask/components';
import type { Metric } from '../metric.ts';
import { allMetrics } from '../metrics.ts';

/** A random row. */
export interface TestRow {
  readonly label: number;
  readonly prediction: readonly number[]; // one number, or one for each class or label
  readonly weight: number;
  readonly group: string;
  readonly keep: boolean;
}

const signedLog = (value: number): number => (value < 0 ? -Math.log(1 - value) : Math.log(1 + value));
const p = (row: TestRow): number => row.prediction[0]!;
const labelOf = (row: TestRow): number => row.label;
const positives = (rows: readonly TestRow[]) => rows.filter((row) => row.label === 1);
const negatives = (rows: readonly TestRow[]) => rows.filter((row) => row.label === 0);
const groupsOf = (rows: readonly TestRow[]) =>
  [...new Set(rows.map((row) => row.group))].map((group) => rows.filter((row) => row.group === group));

export const pairwiseAuc = (rows: readonly TestRow[]): number =>
  mean(positives(rows).flatMap((a) => negatives(rows).map((b) => (p(a) > p(b) ? 1 : p(a) === p(b) ? 0.5 : 0))));

/** The mean over positives of the precision at their score. It equals the sum over thresholds. */
const averagePrecision = (rows: readonly TestRow[]): number =>
  mean(
    positives(rows).map((row) => {
      const selected = rows.filter((other) => p(other) >= p(row));
      return positives(selected).length / selected.length;
    }),
  );

const crossEntropy = (rows: readonly TestRow[]): number =>
  mean(rows.map((row) => -Math.log(Math.min(1 - 1e-7, Math.max(1e-7, row.label === 1 ? p(row) : 1 - p(row))))));

const relativeEntropy = (rows: readonly TestRow[]): number => {
  const rate = mean(rows.map(labelOf));
  const constant = rows.map((row) => ({ ...row, prediction: [rate] }));
  return rate > 0 && rate < 1 ? crossEntropy(rows) / crossEntropy(constant) : NaN;
};

const calibrationError = (rows: readonly TestRow[]): number => {
  const bins = Array.from({ length: 15 }, (_, b) =>
    rows.filter((row) => p(row) >= b / 15 && (b === 14 || p(row) < (b + 1) / 15)),
  ).filter((bin) => bin.length > 0);
  if (rows.length === 0) return NaN;
  return sum(bins, (bin) => (bin.length / rows.length) * Math.abs(mean(bin.map(p)) - mean(bin.map(labelOf))));
};

const impressionAuc = (rows: readonly TestRow[]): number => {
  const groups = groupsOf(rows).filter((group) => positives(group).length > 0 && negatives(group).length > 0);
  return sum(groups.map((group) => group.length * pairwiseAuc(group))) / sum(groups.map((group) => group.length));
};

/** R² from the mean label. The labels are multiples of 1/8, so their mean has no rounding error. */
const explainedVariance = (rows: readonly TestRow[]): number => {
  const center = mean(rows.map(labelOf));
  if (new Set(rows.map(labelOf)).size < 2) return NaN;
  return 1 - sum(rows.map((row) => (p(row) - row.label) ** 2)) / sum(rows.map((row) => (row.label - center) ** 2));
};

/** The expected gain over all orders of tied rows. A row's place is uniform among the places of its ties. */
const expectedDcg = (rows: readonly TestRow[], key: (row: TestRow) => number, k: number): number =>
  sum(rows, (row) => {
    const above = rows.filter((other) => key(other) > key(row)).length;
    const tied = rows.filter((other) => key(other) === key(row)).length;
    const discounts = Array.from({ length: tied }, (_, i) => (above + i < k ? 1 / Math.log2(above + i + 2) : 0));
    return (2 ** row.label - 1) * mean(discounts);
  });

const meanNdcg = (rows: readonly TestRow[]): number => {
  const queries = groupsOf(rows).filter((query) => query.some((row) => row.label > 0));
  const weights = queries.map((query) => mean(query.map((row) => row.weight)));
  const values = queries.map((query) => expectedDcg(query, p, 10) / expectedDcg(query, (row) => row.label, 10));
  return sum(values.map((value, i) => value * weights[i]!)) / sum(weights);
};

const surprise = (rows: readonly TestRow[]): number => mean(rows.map((row) => -Math.log(row.prediction[row.label]!)));

const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The rows as each of three labels has them. */
const byLabel = (rows: readonly TestRow[]): TestRow[][] =>
  [0, 1, 2].map((i) =>
    rows.map((row) => ({ ...row, label: Math.floor(row.label / 2 ** i) % 2, prediction: [row.prediction[i]!] })),
  );

/** Over pairs of rows of which the first is known to have the event first. */
const concordantPairs = (rows: readonly TestRow[]): number => {
  const time = ({ label }: TestRow) => Math.abs(label);
  const survival = (row: TestRow) => mean(row.prediction);
  const events = rows.filter(({ label }) => label >= 0);
  return mean(
    events.flatMap((a) =>
      rows
        .filter((b) => time(b) > time(a) || (time(b) === time(a) && b.label < 0))
        .map((b) => (survival(a) < survival(b) ? 1 : survival(a) === survival(b) ? 0.5 : 0)),
    ),
  );
};

type Oracle = (rows: readonly TestRow[]) => number;

/** The mean over pairs of rows of the product of their differences, over its largest value. Sums of multiples of 1/8 are exact. */
function correlation(y: readonly number[], p: readonly number[]): number {
  const products = (a: readonly number[], b: readonly number[]) =>
    sum(a.map((_, i) => sum(a.map((__, j) => (a[i]! - a[j]!) * (b[i]! - b[j]!)))));
  const size = products(y, y) * products(p, p);
  return size > 0 ? products(y, p) / Math.sqrt(size) : NaN;
}

const ranked = (values: readonly number[]): number[] =>
  values.map((value) => sum(values.map((other) => (other < value ? 1 : other === value ? 0.5 : 0))));

/** The label and the decision of each row, by the number of classes. */
const decisionsOf = (rows: readonly TestRow[]) =>
  rows.map((row) => [row.label, row.prediction.length === 1 ? Number(p(row) >= 0.5) : argmax(row.prediction)] as const);
const share = (of: readonly (readonly [number, number])[], is: (label: number, decision: number) => boolean) =>
  mean(of.map(([label, decision]) => Number(is(label, decision))));
const f1Of = (rows: readonly TestRow[], c: number): number => {
  const decisions = decisionsOf(rows);
  const either = [...decisions.filter(([label]) => label === c), ...decisions.filter(([, decision]) => decision === c)];
  return share(either, (label, decision) => label === decision);
};
const recallsOf = (rows: readonly TestRow[], classes: readonly number[]): number[] =>
  classes.map((c) =>
    share(
      decisionsOf(rows).filter(([label]) => label === c),
      (label, decision) => label === decision,
    ),
  );
/** The correlation of indicators of classes (Gorodkin 2004): their covariances added up. */
const matthews = (rows: readonly TestRow[]): number => {
  const decisions = decisionsOf(rows);
  const classes = [0, 1, 2];
  const covariance = (of: 0 | 1, and: 0 | 1) =>
    sum(classes, (c) => {
      const isClass = (side: 0 | 1) => decisions.map((each) => Number(each[side] === c));
      const [a, b] = [isClass(of), isClass(and)];
      return mean(a.map((value, i) => value * b[i]!)) - mean(a) * mean(b);
    });
  if (new Set(rows.map(({ label }) => label)).size < 2) return NaN;
  if (new Set(decisions.map(([, decision]) => decision)).size < 2) return 0;
  return covariance(0, 1) / Math.sqrt(covariance(0, 0) * covariance(1, 1));
};
/** 1 − the mean cost of the rows over that of labels and decisions of any two rows. */
const kappaWith =
  (cost: (label: number, decision: number) => number): Oracle =>
  (rows) => {
    const decisions = decisionsOf(rows);
    const chance = mean(decisions.flatMap(([label]) => decisions.map(([, decision]) => cost(label, decision))));
    return chance > 0 ? 1 - mean(decisions.map(([label, decision]) => cost(label, decision))) / chance : NaN;
  };
/** The metrics of this package: tests define others in the same process. */
export const ownMetrics = (): Metric[] =>
  allMetrics().filter(({ name }) => aboutOf('metric', name).package === '@polytask/metrics');

/** The definition of a metric. */
export const oracleOf = ({ name, task }: Metric): Oracle => oracles[`${task} ${name}`] ?? oracles[name]!;

/** By name, after the task where another task has a metric of the name. */
const oracles: Readonly<Record<string, Oracle>> = {
  auc: pairwiseAuc,
  binnedAuc: pairwiseAuc, // exact on a grid of scores that the bins tell apart
  prAuc: averagePrecision,
  logLoss: crossEntropy,
  ne: relativeEntropy,
  brier: (rows) => mean(rows.map((row) => (row.label === 1 ? 1 - p(row) : p(row)) ** 2)),
  calibration: (rows) => (positives(rows).length > 0 ? sum(rows.map(p)) / positives(rows).length : NaN),
  ece: calibrationError,
  accuracy: (rows) => share(decisionsOf(rows), (label, decision) => label === decision),
  gauc: impressionAuc,
  'ndcg@10': meanNdcg,
  rmsle: (rows) => Math.sqrt(mean(rows.map((row) => (signedLog(p(row)) - signedLog(row.label)) ** 2))),
  rmse: (rows) => Math.sqrt(mean(rows.map((row) => (p(row) - row.label) ** 2))),
  mae: (rows) => mean(rows.map((row) => Math.abs(p(row) - row.label))),
  r2: explainedVariance,
  nrmse: (rows) => Math.sqrt(1 - explainedVariance(rows)),
  precision: (rows) =>
    share(
      decisionsOf(rows).filter(([, decision]) => decision === 1),
      (label) => label === 1,
    ),
  recall: (rows) => recallsOf(rows, [1])[0]!,
  f1: (rows) => f1Of(rows, 1),
  balancedAccuracy: (rows) => mean(recallsOf(rows, [0, 1])),
  mcc: matthews,
  macroF1: (rows) => mean([0, 1, 2].map((c) => f1Of(rows, c)).filter(Number.isFinite)),
  'multiclass balancedAccuracy': (rows) => mean(recallsOf(rows, [0, 1, 2]).filter(Number.isFinite)),
  kappa: kappaWith((label, decision) => Number(label !== decision)),
  quadraticKappa: kappaWith((label, decision) => (label - decision) ** 2),
  ks: (rows) =>
    positives(rows).length === 0 || negatives(rows).length === 0
      ? NaN
      : Math.max(
          ...rows.map((row) => {
            const above = (of: readonly TestRow[]) => mean(of.map((other) => Number(p(other) >= p(row))));
            return Math.abs(above(positives(rows)) - above(negatives(rows)));
          }),
        ),
  'lift@10%': (rows) => {
    const scores = rows.map(p).sort((a, b) => b - a);
    const border = scores[Math.ceil(rows.length / 10) - 1]!;
    const [above, at] = [rows.filter((row) => p(row) > border), rows.filter((row) => p(row) === border)];
    const found = positives(above).length + (rows.length / 10 - above.length) * mean(at.map(labelOf));
    return found / (rows.length / 10) / mean(rows.map(labelOf));
  },
  'top@2': (rows) => {
    const worst = ({ prediction }: TestRow) => 2 - argmax(prediction.map((each) => -each).reverse()); // of three classes
    return mean(rows.map((row) => Number(worst(row) !== row.label)));
  },
  mape: (rows) =>
    rows.some(({ label }) => label === 0) ? NaN : mean(rows.map((row) => Math.abs(p(row) / row.label - 1))),
  smape: (rows) =>
    mean(
      rows.map((row) =>
        row.label === 0 && p(row) === 0
          ? 0
          : Math.abs(p(row) - row.label) / mean([Math.abs(row.label), Math.abs(p(row))]),
      ),
    ),
  wape: (rows) => {
    const size = sum(rows.map((row) => Math.abs(row.label)));
    return size > 0 ? sum(rows.map((row) => Math.abs(p(row) - row.label))) / size : NaN;
  },
  medianAe: (rows) => {
    const errors = rows.map((row) => Math.abs(p(row) - row.label)).sort((a, b) => a - b);
    const middle = (errors.length - 1) / 2;
    return rows.length === 0 ? NaN : mean([errors[Math.floor(middle)]!, errors[Math.ceil(middle)]!]);
  },
  pearson: (rows) => correlation(rows.map(labelOf), rows.map(p)),
  spearman: (rows) => correlation(ranked(rows.map(labelOf)), ranked(rows.map(p))),
  'multiclass logLoss': surprise,
  'c-index': concordantPairs,
  'multi-label auc': (rows) => mean(byLabel(rows).map(pairwiseAuc).filter(Number.isFinite)),
  'multi-label logLoss': (rows) => mean(byLabel(rows).map(crossEntropy)),
  'multi-label ne': (rows) => {
    const rateOf = (of: readonly TestRow[]) => mean(of.map((row) => row.label));
    const constants = byLabel(rows).map((of) => of.map((row) => ({ ...row, prediction: [rateOf(of)] })));
    const entropies = constants.map((of) => (rateOf(of) > 0 && rateOf(of) < 1 ? crossEntropy(of) : 0));
    return sum(entropies) > 0 ? sum(byLabel(rows).map(crossEntropy)) / sum(entropies) : NaN;
  },
  'multiclass ne': (rows) => {
    if (new Set(rows.map(labelOf)).size < 2) return NaN;
    const shareOf = (c: number) => rows.filter((row) => row.label === c).length / rows.length;
    return (
      surprise(rows) / surprise(rows.map((row) => ({ ...row, prediction: row.prediction.map((_, c) => shareOf(c)) })))
    );
  },
};
