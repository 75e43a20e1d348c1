import { webRuntime } from '@polytask/compile';
import { adam, fit } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web/webgpu';
import { takeCalls } from './calls.js';
import { modelOf, rows } from './small-model.js';

// Trains with ONNX Runtime's WebGPU provider, or with its WebAssembly.

/** @param {{ device: 'webgpu' | 'wasm' }} options @returns {Promise<number[]>} the loss of each epoch */
async function losses({ device }) {
  await tf.setBackend('cpu');
  const examples = rows();
  const model = modelOf(examples);
  const runtime = await webRuntime({ ort, executionProviders: [device] });
  const { history } = await fit(model, examples, {
    ...{ epochs: 3, batchSize: 50, optimizer: adam(0.01), progress: false },
    engine: compiledEngine({ runtime }),
  });
  model.dispose();
  return history.map(({ loss }) => loss);
}

takeCalls({ losses });
