import { binary, embed, multiTaskModel, featureParts, vocabularySize, INDEX_PARTS } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { tinyNetwork } from '../../testing/tiny.ts';
import { probeBatch } from './probe-batch.ts';

beforeAll(() => tf.setBackend('cpu'));

it('has different rows of each feature own table, in every part that holds its ids', () => {
  const item = { kind: 'hashed', buckets: 9, quotients: 2 } as const;
  const list = { kind: 'id-sequence', separator: '|', maxLength: 2, pooling: 'mean' } as const;
  const model = multiTaskModel({
    schema: {
      features: {
        town: { kind: 'categorical', vocabulary: ['Oslo'] },
        seen: { ...list, values: { kind: 'shared', with: 'item' } },
        item,
        shops: { kind: 'side-column', of: 'seen', values: { kind: 'hashed', buckets: 3 }, separator: '|' },
      },
      tasks: { click: binary() },
    },
    input: embed({ dimension: 2 }),
    network: tinyNetwork({ units: 2 }),
    seed: 7,
  });
  const rows = 4;
  const batch = probeBatch(model, rows);
  for (const place of model.layout.places) {
    const parts = featureParts(place).filter(({ part }) => (INDEX_PARTS as readonly string[]).includes(part));
    expect(parts.length).toBe(place.name === 'seen' || place.name === 'item' ? 2 : 1);
    for (const { part, column } of parts) {
      const columns = batch[part].length / rows;
      const ids = Array.from({ length: rows }, (_, row) => batch[part][row * columns + column]!);
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) {
        expect(id).toBeGreaterThanOrEqual(place.offset);
        expect(id).toBeLessThan(place.offset + vocabularySize(place.table!.codes));
      }
    }
  }
  model.dispose();
});
