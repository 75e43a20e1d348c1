import { binary, fusionWeights, fusionWeightsAsync, multiTaskModel, rowEncoder, type Examples, type Schema } from '@polytask/core';
import { expect, test } from 'vitest';
import { models } from '../models/models.ts';
import { compiledWeights } from './compiled-weights.ts';

const schema: Schema = {
  features: { x: { kind: 'vector', width: 4 }, state: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] } },
  tasks: { a: binary(), b: binary(), c: binary() },
};
const encode = rowEncoder(schema);
const rows = Array.from({ length: 11 }, (_, r) => ({ x: [0, 1, 2, 3].map((c) => Math.sin(3 * r + 5 * c + 1)), state: 'uvw'[r % 3] }));
const examples: Examples = { schema, size: rows.length, batch: (at) => ({ ...encode(Array.from(at, (r) => rows[r]!)), labels: {}, weights: {} }) };

test.each(models.map(({ name }) => name))('those of %s are those of TF.js, in whole batches and in the last one', async (name) => {
  const parts = models.find((row) => row.name === name)!.build({ levels: [6, 6], experts: 6, tower: [3], embedding: 2 }, ['a', 'b', 'c']);
  const model = multiTaskModel({ schema, ...parts, seed: 3 });
  const compiled = await compiledWeights(model, 4);
  const levels = fusionWeights(model, examples);
  if (compiled === undefined) {
    expect(levels).toEqual([]); // a network without levels
    return;
  }
  const found = await fusionWeightsAsync(model, examples, { batchSize: 4, pass: compiled.pass });
  await compiled.dispose();
  expect(found.map(({ outputs, experts }) => [outputs, experts])).toEqual(levels.map(({ outputs, experts }) => [outputs, experts]));
  const numbers = (reports: typeof levels) => reports.flatMap(({ gated, gatedDeviation, constant }) => [gated, gatedDeviation, constant]).flat(2);
  for (const [i, value] of numbers(found).entries()) expect(value).toBeCloseTo(numbers(levels)[i]!, 4);
  model.dispose();
});
