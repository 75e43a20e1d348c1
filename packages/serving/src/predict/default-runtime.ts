import { nodeRuntime, webRuntime, type Runtime } from '@polytask/compile';

/** onnxruntime-node with one thread in Node, onnxruntime-web elsewhere. */
export const defaultRuntime = (): Promise<Runtime> => (isNode() ? nodeRuntime() : webRuntime());

function isNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}
