import { register } from 'node:module';
import * as tf from '@tensorflow/tfjs';

// A program in which onnxruntime-node is not installed. It trains twice with each engine, and prints the engines' names as JSON.

const hook = `export function resolve(name, context, next) {
  if (name !== 'onnxruntime-node') return next(name, context);
  throw new Error("Cannot find package 'onnxruntime-node' imported from /there/index.js");
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const { fit } = await import('../fit/fit.ts');
const { compiledEngine } = await import('./compiled/compiled-engine.ts');
const { tinyExamples, tinyModel, tinyTasks } = await import('../testing/tiny.ts');

await tf.setBackend('cpu');
const names: string[] = [];
for (const engine of [
  'auto',
  'compiled-wasm',
  compiledEngine(),
  'compiled',
  compiledEngine({ spinning: 0 }),
] as const) {
  for (let time = 0; time < 2; time++) {
    const trained = fit(tinyModel(), tinyExamples(tinyTasks, 70), { engine, epochs: 1, progress: false });
    names.push(await trained.then((result) => result.engine).catch((error: Error) => error.message));
  }
}
process.stdout.write(JSON.stringify(names));
