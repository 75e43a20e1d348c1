import { coverageAt, pinballAt, pinballRatioAt } from './regression/quantiles.ts';
import { accuracyMetric } from './binary/accuracy.ts';
import { aucMetric, binnedAucMetric, prAucMetric } from './binary/areas.ts';
import { brierScoreMetric, logLossMetric, normalizedEntropyMetric } from './binary/losses.ts';
import { calibrationRatioMetric, expectedCalibrationErrorMetric } from './binary/calibration.ts';
import { definedMetrics } from './define-metric.ts';
import { MetricError, show } from './metric-error.ts';
import type { Metric, MetricTask } from './metric.ts';
import {
  multiclassAccuracyMetric,
  multiclassLogLossMetric,
  multiclassNormalizedEntropyMetric,
} from './multiclass/multiclass.ts';
import {
  multiLabelAucMetric,
  multiLabelLogLossMetric,
  multiLabelNormalizedEntropyMetric,
} from './multi-label/multi-label.ts';
import { groupedAucMetric } from './ranking/grouped-auc.ts';
import { ndcgAt } from './ranking/ndcg.ts';
import { maeMetric, normalizedRmseMetric, r2Metric, rmseMetric, rmsleMetric } from './regression/errors.ts';
import { concordanceMetric } from './survival/concordance.ts';

/**
 * All metrics of this package by name, in their default configurations.
 *
 * @example
 * metrics.auc.direction; // 'higher'
 */
export const metrics = {
  auc: /* @__PURE__ */ aucMetric(),
  binnedAuc: /* @__PURE__ */ binnedAucMetric(),
  prAuc: /* @__PURE__ */ prAucMetric(),
  logLoss: /* @__PURE__ */ logLossMetric(),
  ne: /* @__PURE__ */ normalizedEntropyMetric(),
  brier: /* @__PURE__ */ brierScoreMetric(),
  calibration: /* @__PURE__ */ calibrationRatioMetric(),
  ece: /* @__PURE__ */ expectedCalibrationErrorMetric(),
  accuracy: /* @__PURE__ */ accuracyMetric(),
  gauc: /* @__PURE__ */ groupedAucMetric(),
  'ndcg@10': /* @__PURE__ */ ndcgAt(10),
  rmse: /* @__PURE__ */ rmseMetric(),
  rmsle: /* @__PURE__ */ rmsleMetric(),
  mae: /* @__PURE__ */ maeMetric(),
  r2: /* @__PURE__ */ r2Metric(),
  nrmse: /* @__PURE__ */ normalizedRmseMetric(),
  multiclassAccuracy: /* @__PURE__ */ multiclassAccuracyMetric(),
  multiclassLogLoss: /* @__PURE__ */ multiclassLogLossMetric(),
  multiclassNe: /* @__PURE__ */ multiclassNormalizedEntropyMetric(),
  multiLabelAuc: /* @__PURE__ */ multiLabelAucMetric(),
  multiLabelLogLoss: /* @__PURE__ */ multiLabelLogLossMetric(),
  multiLabelNe: /* @__PURE__ */ multiLabelNormalizedEntropyMetric(),
  concordance: /* @__PURE__ */ concordanceMetric(),
} as const satisfies Record<string, Metric>;

const QUANTILE_METRICS = { pinball: pinballAt, pinballRatio: pinballRatioAt, coverage: coverageAt };

/** The name of a metric in {@link metrics}. */
export type MetricName = keyof typeof metrics;

/** Metrics of classes and of several labels go by the names of metrics of yes and no, too. */
const SAME_NAMES: Readonly<Partial<Record<MetricTask, Readonly<Record<string, MetricName>>>>> = {
  multiclass: { accuracy: 'multiclassAccuracy', logLoss: 'multiclassLogLoss' },
  'multi-label': { auc: 'multiLabelAuc', logLoss: 'multiLabelLogLoss', ne: 'multiLabelNe' },
};

/**
 * The names of metrics from elsewhere, for the types: whoever defines one by `defineMetric` may add its name.
 *
 * @example declare module '@polytask/metrics' { interface DefinedMetrics { 'my-package/lift': true } }
 */
export interface DefinedMetrics {} // eslint-disable-line @typescript-eslint/no-empty-object-type

/**
 * Finds a metric by its name: one of {@link metrics}, `ndcg@k` for any k, `pinball@0.1:0.9` and its like, or one from `defineMetric`.
 *
 * @param task what the metric is to read: `logLoss` of `multiclass` is `multiclassLogLoss`
 * @throws MetricError that lists the known names, when the name is unknown
 * @example
 * findMetric('ne').direction; // 'lower'
 * findMetric('ndcg@5').config.k; // 5
 */
export const findMetric = (name: string, task?: MetricTask): Metric => {
  const own = (task && SAME_NAMES[task]) ?? {};
  if (Object.hasOwn(own, name)) return metrics[own[name]!];
  if (Object.hasOwn(metrics, name)) return metrics[name as MetricName];
  const k = /^ndcg@([1-9]\d*)$/.exec(String(name))?.[1];
  if (k !== undefined) return ndcgAt(Number(k));
  const [, of, levels] = /^(pinball|pinballRatio|coverage)@(\d.*)$/.exec(String(name)) ?? [];
  if (levels !== undefined) return QUANTILE_METRICS[of as keyof typeof QUANTILE_METRICS](levels.split(':').map(Number));
  const defined = definedMetrics();
  if (defined.has(name)) return defined.get(name)!;
  throw new MetricError(
    'findMetric',
    `the name ${show(name)}`,
    `one of ${[...Object.keys(metrics), ...defined.keys()].join(', ')}, ndcg@k, or pinball@ and quantiles`,
    'Correct the name, or import the file that defines the metric.',
  );
};
