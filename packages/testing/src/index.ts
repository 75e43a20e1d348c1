export {
  ConformanceError,
  untested,
  type Case,
  type CaseOptions,
  type Runner,
  type RunnerOptions,
} from './cases/case.ts';
export { expertCases, testExpert, type ExpertOptions } from './experts/expert-cases.ts';
export { gateCases, testGate, type GateOptions } from './gates/gate-cases.ts';
export { modelCases, testModel, type ModelOptions, type NetworkSource } from './models/model-cases.ts';
export { lossCases, testLoss, type LossOptions } from './losses/loss-cases.ts';
export { taskCases, testTask, type TaskCaseOptions } from './tasks/task-cases.ts';
export { featureCases, testFeature, type FeatureCaseOptions } from './features/feature-cases.ts';
export { balancerCases, testBalancer, type BalancerOptions, type BalancerSource } from './balancers/balancer-cases.ts';
export { optimizerCases, testOptimizer, type OptimizerOptions } from './optimizers/optimizer-cases.ts';
export { inputCases, testInput, type InputOptions } from './inputs/input-cases.ts';
export { wholeWay, type Deployment, type WayParts } from './way/whole-way.ts';
export { metricCases, testMetric } from './metrics/metric-cases.ts';
export type { MetricOptions, MetricRow } from './metrics/metric-rows.ts';
export { tinyExpert, tinyGate, tinyNetwork } from './tiny/parts.ts';
export { tinyCall, tinyRows } from './tiny/numbers.ts';
export { tinyBank, type TinyBank, type TinyBankOptions } from './tiny/tiny-bank.ts';
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
export { expectClose } from './cases/agreement.ts';
export * as plain from './tiny/plain-loops.ts';
