export * from 'polytask/browser';

// These need Node: pages get browser.ts.
export * from '@polytask/server';
export { autoTrain, explain, train } from '@polytask/bench';
export type { AutoTrainOptions, ExplainFileOptions, Trained, TrainingChoices, TrainOptions } from '@polytask/bench';
