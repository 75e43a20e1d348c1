// For Polytask's own packages. Any release may change or remove these exports.
export { variableInput } from './trace.ts';
export { originOf } from './rules/constants.ts';
export { withMetadata } from './onnx/metadata.ts';
export { tensorDifference, type Strictness } from './runtimes/runtime.ts';
