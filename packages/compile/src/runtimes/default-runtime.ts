import { requireOptions } from '../compile-error.ts';
import { nodeRuntime } from './node-runtime.ts';
import { inNode } from './onnxruntime.ts';
import type { DefaultRuntimeOptions, Runtime } from './runtime.ts';
import { webRuntime } from './web-runtime.ts';

/**
 * The fastest runtime that loads here: onnxruntime-node in Node, or else onnxruntime-web. Outside of Node, onnxruntime-web.
 * The `note` of the runtime says in one line why it isn't onnxruntime-node. To insist on one of the two, call `nodeRuntime` or
 * `webRuntime`.
 *
 * @throws Error that says what to install, when neither package loads
 * @example
 * const runtime = await defaultRuntime();
 * if (runtime.note) console.warn(runtime.note);
 */
export async function defaultRuntime(options: DefaultRuntimeOptions = {}): Promise<Runtime> {
  requireOptions('defaultRuntime', options, ['threads']);
  if (!inNode()) return webRuntime(options);
  const runtime = await nodeRuntime(options).catch((error: unknown) => error as Error);
  if (!(runtime instanceof Error)) return runtime;
  const { message: reason } = runtime;
  const other = await webRuntime(options).catch((cause: unknown) => {
    throw new Error(`${reason} ${(cause as Error).message}`, { cause });
  });
  return { ...other, note: `${other.name} (WebAssembly) runs the graphs, which is slower: ${reason}` };
}
