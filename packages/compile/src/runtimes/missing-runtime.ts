/** Says what to do when one of the two ONNX Runtime packages can't be loaded. */
export function missingRuntime(name: 'onnxruntime-node' | 'onnxruntime-web', cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  const offline =
    name === 'onnxruntime-node'
      ? ' (its CPU kernels are inside the package: where its script for further downloads must not run, set the environment ' +
        'variable ONNXRUNTIME_NODE_INSTALL=skip for the install)'
      : '';
  return new Error(`${name} can't be loaded: ${reason}. Install it with npm install ${name}${offline}.`, { cause });
}
