export { exportOnnx, type ExportOptions, saveOnnx, type SaveOnnxOptions } from './onnx/export-onnx.ts';
export { encodeForOnnx } from './onnx/feature-inputs.ts';
export type { SchemaDocument } from './onnx/schema-document.ts';
export { compilePredict, type CompilePredictOptions, type CompiledPredictor } from './predict/compiled-predictor.ts';
export { openPredictor, type Predictor } from './predict/open-predictor.ts';
