import { writeSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { fit } from '../fit/fit.ts';
import { killedModel, killedOptions, killedRows } from '../testing/killed-run.ts';

// Trains with checkpoints in a directory, going on from the newest; says each step, and is killed at one.
await tf.setBackend('cpu');
const options = killedOptions(process.argv[2]!);
await fit(killedModel(), killedRows, {
  ...options,
  resume: true,
  callbacks: { onStep: ({ step }) => void writeSync(1, `${step}\n`) },
});
