import { writeSync } from 'node:fs';
import { writeBundle } from '../storage/bundle.ts';

// Writes bundle after bundle, each with its number in the JSON and in all of its weights, and says each, until it is killed.
const directory = process.argv[2]!;
for (let number = 0; ; number++) {
  const data = new Float32Array(200_000).fill(number);
  await writeBundle(directory, 'state.json', {
    document: { number },
    tensors: { w: { dtype: 'float32', shape: [data.length], data } },
  });
  writeSync(1, '.');
}
