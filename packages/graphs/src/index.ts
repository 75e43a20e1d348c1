export { batchInputs, batchTensors, type BatchInput, type BatchReader } from './inputs.ts';
export { parameterInput, parameterNames, readSnapshot, type Parameterized, type Snapshot } from './inputs.ts';
export {
  loadGraph,
  traceModel,
  type LoadedGraph,
  type ModelGraph,
  type TracedCall,
  type TraceModelOptions,
} from './trace-model.ts';
export { checkSameGraph, COMPARED_ROWS } from './trace-model.ts';
export { Sessions } from './sessions.ts';
export { ForwardGraphs, type ForwardResults } from './forward-graphs.ts';
