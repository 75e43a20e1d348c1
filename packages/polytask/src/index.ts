export * from 'polytask/browser';

// These need Node: pages get browser.ts.
export * from '@polytask/server';
export { autoTrain, calibrateFolder, explain, measureDrift, tradeOffs, train, whichTogether } from '@polytask/bench';
export type {
  AutoTrainOptions,
  CalibrateFolderOptions,
  Drift,
  ExplainFileOptions,
  LabeledTask,
  MeasureDriftOptions,
  TogetherOptions,
  TradeOffsOptions,
  Trained,
  TrainingChoices,
  TrainOptions,
} from '@polytask/bench';
