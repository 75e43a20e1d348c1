export { ConformanceError, untested, type Case, type Runner } from './cases/case.ts';
export type { OptionsFor, Tester, TestOptions } from './tester.ts';
export { testExpert } from './kinds/expert.ts';
export { testGate } from './kinds/gate.ts';
export { testModel, type NetworkSource } from './kinds/network.ts';
export { testInput } from './kinds/input.ts';
export { testLoss } from './kinds/loss.ts';
export { testTask } from './kinds/task.ts';
export { testLabel } from './kinds/label.ts';
export { testPrediction } from './kinds/prediction.ts';
export { testFeature } from './kinds/feature.ts';
export { testBalancer, type BalancerSource } from './kinds/balancer.ts';
export { testOptimizer } from './kinds/optimizer.ts';
export { testMetric } from './kinds/metric.ts';
export { testCalibration } from './kinds/calibration.ts';
export { testThreshold } from './kinds/threshold.ts';
export { testSchedule } from './kinds/schedule.ts';
export { testSearch } from './kinds/search.ts';
export { testPooling } from './kinds/pooling.ts';
export { testPenalty } from './kinds/penalty.ts';
export { testReader } from './kinds/reader.ts';
export { testTracker } from './kinds/tracker.ts';
export { testComponents, type TestComponentsOptions } from './test-components.ts';
export type { LabeledPrediction } from './kinds/labeled-prediction.ts';
export { wholeWay, type Deployment, type WayParts } from './way/whole-way.ts';
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
