import * as tf from '@tensorflow/tfjs';
import type { NamedRow } from '../find-row.ts';

/** A TF.js backend that trials run on. */
export interface EngineRow extends NamedRow {
  /** Makes it TF.js's current backend. @throws when it can't run here */
  start(): Promise<void>;
}

/** In the order in which `auto` tries them. */
export const engines: readonly EngineRow[] = [
  {
    name: 'wasm',
    description: 'WebAssembly with SIMD, one thread',
    async start() {
      await import('@tensorflow/tfjs-backend-wasm'); // registers itself; its .wasm files lie beside its own script
      await use('wasm');
    },
  },
  { name: 'cpu', description: 'plain JavaScript; needs nothing, and is many times slower', start: () => use('cpu') },
];

async function use(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js couldn't start the backend "${backend}".`);
  await tf.ready();
}
