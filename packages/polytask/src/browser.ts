// Every component, and the functions of programs that train, predict and compare. The packages themselves have the rest.
export * from '@polytask/adatt';
export * from '@polytask/balancing';
export * from '@polytask/baselines';
export * from '@polytask/experts';
export * from '@polytask/gating';
export * from '@polytask/training';

// Models and their files.
export {
  explainRows,
  fusionWeights,
  fusionWeightsAsync,
  growModel,
  load,
  multiTaskModel,
  MultiTaskModel,
} from '@polytask/core';
export { PolytaskError, readSafetensors, save, toBytes, writeSafetensors } from '@polytask/core';
export { compilePredict, exportOnnx, saveOnnx } from '@polytask/serving';
export { nodeRuntime, webRuntime } from '@polytask/compile';

// Tasks and their losses.
export { binary, decisionsOf, multiclass, regression } from '@polytask/core';
export { asymmetric, binaryCrossEntropy, bpr, classBalancedWeights, crossEntropy } from '@polytask/core';
export { focal, huber, jrc, listNet, logCosh, mae, mse, pinball, rankNet } from '@polytask/core';

// Features, tables and streams.
export { categorical, hashed, idSequence, multiValued, numeric, shared, sideColumn, vector } from '@polytask/data';
export { buckets, cross, date, periodic, piecewiseLinear, quantileNormal, text } from '@polytask/data';
export { gru, transformer } from '@polytask/data';
export { denseSchema, embed } from '@polytask/core';
export {
  describeFile,
  fromColumns,
  fromRows,
  inspect,
  readCsv,
  readDataset,
  readParquet,
  readSeenRows,
} from '@polytask/data';
export { batches, csvStream, encodeStream, fitStreamSchema, mixStreams, parquetStream } from '@polytask/data';
export { encode, fitSchema, growSchema, joinTables, mixTables, profileRows, split, writeProfile } from '@polytask/data';
export { aliCcpStream, aliExpressStream, censusIncome, fetchCensusIncome, fetchKuairandPure } from '@polytask/data';
export { kuairandPure, movielensStream, syntheticFunnel, syntheticTasks } from '@polytask/data';

// Components of a program.
export { defineExpert, defineFeature, defineGate, defineGroupLoss, defineLoss, defineNetwork } from '@polytask/core';
export { checks, contextOf, definePooling, defineTask, fusion, levelsOf, numberOf } from '@polytask/core';
export { activation, dense, dropout, linear } from '@polytask/core';
export { ownUnits, poolUnits, sharedUnit } from '@polytask/core';
export { defineReader } from '@polytask/data';
export { defineSearch } from '@polytask/training/search';

// Comparisons.
export { compareRuns, defineMetric } from '@polytask/metrics';
export { renderText, togetherDocument, tradeOffsDocument } from '@polytask/study';

export type * from '@polytask/compile';
export type * from '@polytask/core';
export type * from '@polytask/data';
export type * from '@polytask/metrics';
export type * from '@polytask/serving';
export type * from '@polytask/study';
