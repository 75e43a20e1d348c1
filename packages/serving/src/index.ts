export { exportOnnx, type ExportOptions } from './onnx/export-onnx.ts';
export { saveOnnx, type SaveOnnxOptions } from './onnx/save-onnx.ts';
export { encodeForOnnx } from './onnx/feature-inputs.ts';
export type { SchemaDocument } from './onnx/schema-document.ts';
export { compilePredict, type CompilePredictOptions } from './predict/compile-predict.ts';
export type { CompiledPredictor } from './predict/compiled-predictor.ts';
export { openPredictor, type Predictor } from './predict/open-predictor.ts';
