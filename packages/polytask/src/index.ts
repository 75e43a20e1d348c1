export * from 'polytask/browser';

// These need Node: pages get browser.ts.
export * from '@polytask/server';
export { autoTrain, calibrateFolder, explain, measureDrift, train } from '@polytask/bench';
export type {
  AutoTrainOptions,
  CalibrateFolderOptions,
  Drift,
  ExplainFileOptions,
  LabeledTask,
  MeasureDriftOptions,
  Trained,
  TrainingChoices,
  TrainOptions,
} from '@polytask/bench';
