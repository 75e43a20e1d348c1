export { ConformanceError, untested, type Case, type Runner } from './cases/case.ts';
export type { OptionsFor, Tester, TestOptions } from './tester.ts';
export * from './kinds.ts';
export { testComponents, type TestComponentsOptions } from './test-components.ts';
export type { LabeledPrediction } from './kinds/metric.ts';
export { wholeWay, type Deployment, type WayParts } from './way/whole-way.ts';
export { tinyNetwork } from './tiny/parts.ts';
export { tinyRows } from './tiny/tiny-model.ts';
export {
  tinyBank,
  tinyLevel,
  type TinyBank,
  type TinyBankOptions,
  type TinyLevel,
  type TinyLevelOptions,
} from './tiny/tiny-level.ts';
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
