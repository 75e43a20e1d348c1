import { compile, webRuntime } from '@polytask/compile';
import type { TrialEngine } from '@polytask/study';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/**
 * Starts the fastest engine that runs here: ONNX Runtime's WebAssembly, or TensorFlow.js where it can't be loaded. The names are those
 * of the command line, so that results of both can share a table.
 */
export async function startEngine(): Promise<TrialEngine> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  try {
    const probe = await compile((x) => tf.neg(x), { x: { shape: [1] } }, { runtime: await webRuntime() });
    await probe.dispose();
    return { name: 'compiled-wasm', mode: 'compiled-wasm' };
  } catch {
    return { name: 'cpu', mode: 'eager' };
  }
}
