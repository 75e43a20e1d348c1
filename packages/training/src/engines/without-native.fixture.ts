import * as tf from '@tensorflow/tfjs';
import { fit } from '../fit/fit.ts';
import { tinyExamples, tinyModel, tinyTasks } from '../testing/tiny.ts';
import { compiledEngine } from './compiled/compiled-engine.ts';

// A program for a folder without onnxruntime-node. It trains twice with each engine, and prints the engines' names as JSON.
await tf.setBackend('cpu');
const rows = tinyExamples(tinyTasks, 35);
const names: string[] = [];
for (const engine of [
  'auto',
  'compiled-wasm',
  compiledEngine(),
  'compiled',
  compiledEngine({ spinning: 0 }),
] as const) {
  for (let time = 0; time < 2; time++) {
    const trained = fit(tinyModel(), rows, { engine, epochs: 1, progress: false });
    names.push(await trained.then((result) => result.engine).catch((error: Error) => error.message));
  }
}
process.stdout.write(JSON.stringify(names));
