export { MetricError } from './metric-error.ts';
export * from './metric.ts';
export type { GroupedMetricFunction, MetricFunction, WeightsOr } from './state/measure.ts';
export {
  allMetrics,
  type DefinedMetrics,
  defineMetric,
  findMetric,
  type MetricName,
  type RowMetricDefinition,
  type SumMetricDefinition,
} from './metrics.ts';
export type { MetricRows } from './input/rows.ts';
export type { StoredRows } from './state/row-metric.ts';

export * from './all.ts';
export * from './multi-task/multi-task-gain.ts';
export {
  gateStatistics,
  type GateShape,
  type GateStatistics,
  type GateSummary,
  type UnitGate,
  type Utilization,
} from './gates/gate-statistics.ts';

export * from './comparison/compare-runs.ts';
export type { Runs, SeedScores } from './comparison/read-runs.ts';
export * from './comparison/verdict.ts';

export * from './statistics/adjusted-p-values.ts';
export {
  bootstrapDifference,
  bootstrapInterval,
  type BootstrapOptions,
  type BootstrapInterval,
  type SamplesOptions,
  type Statistic,
} from './statistics/bootstrap-interval.ts';
export {
  chiSquareQuantile,
  chiSquareTail,
  fQuantile,
  fTail,
  normalCdf,
  normalQuantile,
  studentTQuantile,
  studentTTail,
} from './statistics/distributions.ts';
export { counterRandom, type RandomSource } from './statistics/counter-random.ts';
export {
  delongInterval,
  type DelongOptions,
  type DelongInterval,
  type DelongIntervalOptions,
  delongTest,
  type DelongTest,
} from './statistics/delong.ts';
export * from './statistics/friedman-test.ts';
export * from './statistics/jackknife-interval.ts';
export {
  meanInterval,
  type IntervalOptions,
  type MeanOptions,
  type MeanInterval,
  wilsonInterval,
} from './statistics/mean-interval.ts';
export * from './statistics/paired-tests.ts';
