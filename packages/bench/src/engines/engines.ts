import type { NamedRow } from '@polytask/study';
import * as tf from '@tensorflow/tfjs';

/** What trials run on. */
export interface EngineRow extends NamedRow {
  /** How `fit` and `evaluate` run: as compiled graphs, or as operations of the current TF.js backend. */
  readonly training: 'compiled' | 'eager';
  /** Makes the process ready for it. @throws when it can't run here */
  start(): Promise<void>;
}

/** In the order in which `auto` tries them. */
export const engines: readonly EngineRow[] = [
  {
    name: 'compiled',
    description: 'one ONNX graph a step, run by onnxruntime-node, one thread',
    training: 'compiled',
    async start() {
      await import('onnxruntime-node'); // fails here and now where its binary doesn't load
      await wasm().catch(() => use('cpu')); // for what is not training, such as heat maps
    },
  },
  { name: 'wasm', description: 'TF.js on WebAssembly with SIMD, one thread', training: 'eager', start: wasm },
  {
    name: 'cpu',
    description: 'TF.js on plain JavaScript; needs nothing, and is many times slower',
    training: 'eager',
    start: () => use('cpu'),
  },
];

async function wasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm'); // registers itself; its .wasm files lie beside its own script
  await use('wasm');
}

async function use(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js couldn't start the backend "${backend}".`);
  await tf.ready();
}
