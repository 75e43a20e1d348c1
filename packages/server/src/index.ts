export type { ModelSource } from './open-model.ts';
export { predictStream, type PredictedTable } from './files/predict-stream.ts';
export {
  predictFile,
  type PredictedFile,
  type PredictFileOptions,
  type PredictFileProgress,
} from './files/predict-file.ts';
