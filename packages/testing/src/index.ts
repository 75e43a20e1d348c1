export { ConformanceError, untested, type Case, type Runner } from './cases/case.ts';
export { expertCases, testExpert, type ExpertOptions } from './experts/expert-cases.ts';
export { gateCases, testGate, type GateCaseOptions } from './gates/gate-cases.ts';
export { modelCases, testModel, type ModelCaseOptions, type NetworkSource } from './models/model-cases.ts';
export { testLoss, type LossOptions } from './losses/loss-cases.ts';
export { testTask, type TaskCaseOptions } from './tasks/task-cases.ts';
export { testFeature, type FeatureCaseOptions } from './features/feature-cases.ts';
export { testBalancer, type BalancerCaseOptions, type BalancerSource } from './balancers/balancer-cases.ts';
export { testOptimizer, type OptimizerOptions } from './optimizers/optimizer-cases.ts';
export { testInput, type InputOptions } from './inputs/input-cases.ts';
export { wholeWay, type Deployment, type WayParts } from './way/whole-way.ts';
export { metricCases, testMetric } from './metrics/metric-cases.ts';
export type { MetricCaseOptions, LabeledPrediction } from './metrics/labeled-prediction.ts';
export { tinyNetwork } from './tiny/parts.ts';
export { tinyRows } from './tiny/numbers.ts';
export { tinyBank, type TinyBank, type TinyBankOptions } from './tiny/tiny-bank.ts';
export { tinyLevel, type TinyLevel, type TinyLevelOptions } from './tiny/tiny-level.ts';
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
