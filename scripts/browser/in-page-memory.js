import { fit } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { takeCalls } from './calls.js';
import { modelOf, rows } from './small-model.js';

// Trains for many steps on the compiled engine, and measures memory on the way.

/** The memories of WebAssembly: ONNX Runtime's, and the flat buffers of optimizers. @type {WebAssembly.Memory[]} */
const memories = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(Memory, options) {
    const memory = Reflect.construct(Memory, options);
    memories.push(memory);
    return memory;
  },
});

/** What is in use now, in bytes, after a collection of garbage. Chromium has the size of the heap in pages, and not in workers. */
function measure() {
  const { gc, performance: clock } = /** @type {any} */ (globalThis);
  gc();
  return {
    wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    heap: clock.memory.usedJSHeapSize,
    tensors: tf.memory().numTensors,
  };
}

/**
 * @param {{ epochs: number, batchSize: number, at: readonly number[] }} options `at`: the steps after which memory is measured
 * @returns {Promise<{ steps: number, samples: ReturnType<typeof measure>[] }>}
 */
async function trainLong({ epochs, batchSize, at }) {
  await tf.setBackend('cpu');
  const examples = rows();
  const model = modelOf(examples);
  /** @type {ReturnType<typeof measure>[]} */
  const samples = [];
  const { steps } = await fit(model, examples, {
    ...{ engine: 'compiled', epochs, batchSize, progress: false },
    callbacks: {
      onStep: ({ step }) => {
        if (at.includes(step)) samples.push(measure());
      },
    },
  });
  model.dispose();
  return { steps, samples };
}

takeCalls({ trainLong });
