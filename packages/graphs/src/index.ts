export {
  batchFeeds,
  batchInputs,
  batchTensors,
  gatherBatch,
  parameterInput,
  parameterNames,
  readSnapshot,
  type BatchInput,
  type BatchReader,
  type Snapshot,
} from './inputs.ts';
export {
  checkSameGraph,
  COMPARED_ROWS,
  loadGraph,
  Sessions,
  traceModel,
  type LoadedGraph,
  type ModelGraph,
  type TracedCall,
  type TraceModelOptions,
} from './trace-model.ts';
export { ForwardGraphs, type ForwardResults } from './forward-graphs.ts';
