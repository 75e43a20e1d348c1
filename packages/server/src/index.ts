export type { ModelSource } from './open-model.ts';
export type { PredictedTable } from './files/output-columns.ts';
export {
  predictStream,
  predictFile,
  type PredictedFile,
  type PredictFileOptions,
  type PredictFileProgress,
} from './files/predict-file.ts';
export { serve, type Service } from './http/serve.ts';
export type { ServeOptions } from './http/serve-options.ts';
export { type ColumnValues, type FileColumn, writeRows } from './files/write-rows.ts';
