import { binary, fusionWeights, multiTaskModel, rowEncoder, type Examples, type Schema } from '@polytask/core';
import { expect, test } from 'vitest';
import { models } from '../models/models.ts';
import { measureFusion } from './train-model.ts';

const schema: Schema = {
  features: { x: { kind: 'vector', width: 4 }, state: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] } },
  tasks: { a: binary(), b: binary(), c: binary() },
  context: ['state'],
};
const encode = rowEncoder(schema);
const rows = Array.from({ length: 11 }, (_, r) => ({
  x: [0, 1, 2, 3].map((c) => Math.sin(3 * r + 5 * c + 1)),
  state: 'uvw'[r % 3],
}));
const examples: Examples = {
  schema,
  size: rows.length,
  batch: (at) => encode(Array.from(at, (r) => rows[r]!)),
};

test.each(models().map(({ name }) => name))('the weights of %s are the same on both engines', async (name) => {
  const parts = models()
    .find((row) => row.name === name)!
    .build({ levels: [6, 6], experts: 6, tower: [3], embedding: 2 }, ['a', 'b', 'c']);
  const model = multiTaskModel({ schema, ...parts, seed: 3 });
  const levels = fusionWeights(model, examples);
  for (const engine of ['compiled', 'eager'] as const) {
    const found = await measureFusion(model, examples, engine);
    expect(found.map(({ outputs, experts }) => [outputs, experts])).toEqual(
      levels.map(({ outputs, experts }) => [outputs, experts.map(({ unit, index }) => `${unit}.${index}`)]),
    );
    found.forEach(({ gated, gatedDeviation, constant }, l) => {
      const [own, expected] = [
        [gated, gatedDeviation, constant],
        [levels[l]!.gated, levels[l]!.gatedDeviation, levels[l]!.constant],
      ].map((tables) => tables.flat(2)) as [number[], number[]];
      own.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    });
  }
  model.dispose();
});
