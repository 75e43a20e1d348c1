export type { Case } from './cases/case.ts';
export { ConformanceError } from './cases/conformance-error.ts';
export type { Runner, RunnerOptions } from './cases/runner.ts';
export { untested } from './cases/untested.ts';
export { expertCases, testExpert } from './experts/expert-cases.ts';
export type { ExpertOptions } from './experts/expert-options.ts';
export { gateCases, testGate } from './gates/gate-cases.ts';
export type { GateOptions } from './gates/gate-options.ts';
export { modelCases, testModel } from './models/model-cases.ts';
export type { ModelOptions, NetworkSource } from './models/model-options.ts';
export { metricCases, testMetric } from './metrics/metric-cases.ts';
export type { MetricOptions, MetricRow } from './metrics/metric-options.ts';
export { tinyExpert, tinyGate, tinyNetwork } from './tiny/parts.ts';
export { tinyRows } from './tiny/rows.ts';
export { tinyBank, tinyCall, type TinyBank, type TinyBankOptions } from './tiny/tiny-bank.ts';
export { TINY_SEES, TINY_UNITS, tinyLevel, type TinyLevel, type TinyLevelOptions } from './tiny/tiny-level.ts';
export {
  auxiliaryOf,
  gradientsOf,
  logitsOf,
  read,
  tinyBatch,
  tinyExamples,
  tinyModel,
  trainTiny,
  write,
  type TinyModelOptions,
} from './tiny/tiny-model.ts';
export { expectClose } from './tiny/expect-close.ts';
export * as plain from './tiny/plain-loops.ts';
