export * from 'polytask/browser';

// These need Node: pages get browser.ts.
export { predictFile, predictStream, serve } from '@polytask/server';
export type * from '@polytask/server';
export { autoTrain, tradeOffs, train, whichTogether } from '@polytask/bench';
export { calibrateFolder, diagnoseFolder, evaluateFile, explain, explainFileRows, measureDrift } from '@polytask/bench';
export type * from '@polytask/bench';
