export type { ModelSource } from './open-model.ts';
export { predictStream, type PredictedTable } from './files/predict-stream.ts';
export {
  predictFile,
  type PredictedFile,
  type PredictFileOptions,
  type PredictFileProgress,
} from './files/predict-file.ts';
export { serve, type Service } from './http/serve.ts';
export type { ServeOptions } from './http/serve-options.ts';
export type { ColumnValues, FileColumn } from './files/file-writer.ts';
export { writeRows } from './files/write-rows.ts';
