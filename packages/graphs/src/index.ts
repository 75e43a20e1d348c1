export type { BatchInput, BatchReader, Snapshot } from './inputs.ts';
export { batchFeeds, batchInputs, batchTensors, gatherBatch, parameterInput } from './inputs.ts';
export { parameterNames, readSnapshot } from './inputs.ts';
export * from './trace-model.ts';
