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
  type Parameterized,
  type Snapshot,
  type TableReader,
} from './inputs.ts';
export {
  checkSameGraph,
  COMPARED_ROWS,
  traceModel,
  type ModelGraph,
  type TracedCall,
  type TraceModelOptions,
} from './trace-model.ts';
export { loadGraph, Sessions, type LoadedGraph } from './sessions.ts';
export { ForwardGraphs, type ForwardResults } from './forward-graphs.ts';
