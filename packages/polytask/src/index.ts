export * from 'polytask/browser';

// These need Node: pages get browser.ts.
export * from '@polytask/server';
export { autoTrain, calibrateFolder, explain, train } from '@polytask/bench';
export type {
  AutoTrainOptions,
  CalibrateFolderOptions,
  ExplainFileOptions,
  Trained,
  TrainingChoices,
  TrainOptions,
} from '@polytask/bench';
