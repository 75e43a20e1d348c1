export { CompileError } from './compile-error.ts';
export { compile, type Compiled, type CompileOptions } from './compile.ts';
export { placeholder, trace, variableInput, type Tensors, type Trace, type TraceOptions } from './trace.ts';
export { writeModel, type Output, type WriteOptions } from './onnx/write-model.ts';
export { nodeRuntime, type NodeRuntimeOptions } from './runtimes/node-runtime.ts';
export { webRuntime, type WebRuntimeOptions } from './runtimes/web-runtime.ts';
export type { HostTensor, Runtime, Session } from './runtimes/runtime.ts';
export { kernels } from './kernels/index.ts';
export type { TensorSpec } from './tensor-spec.ts';
