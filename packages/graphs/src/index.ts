export * from './inputs.ts';
export { gatherBatch, type GatheredBatch, type TableReader } from './table-inputs.ts';
export * from './trace-model.ts';
export { loadGraph, Sessions, type LoadedGraph } from './sessions.ts';
export { ForwardGraphs, type ForwardResults } from './forward-graphs.ts';
