import * as tf from '@tensorflow/tfjs';
import { compile } from '../compile.ts';
import { defaultRuntime } from './default-runtime.ts';

// A program that prints the default runtime and what it computes, as JSON. The test bundles it.

await tf.setBackend('cpu');
try {
  const runtime = await defaultRuntime();
  const double = await compile((x) => tf.mul(x, 2), { x: { shape: [2] } });
  const { output } = await double.run({ x: [1, 2] });
  await double.dispose();
  const { name, threads, note } = runtime;
  process.stdout.write(JSON.stringify({ name, threads, note, output: [...output!.data] }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: (error as Error).message }));
}
