import { decodeFeatures, layoutOf, type Schema } from '@polytask/core';
import { expect, it } from 'vitest';
import { pickRows, tinyFeatures } from './tiny-model.ts';

const features: Schema['features'] = {
  x: { kind: 'vector', width: 2 },
  tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
  user: { kind: 'hashed', buckets: 6, quotients: 2, vectors: 2 },
  recent: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'tab' },
    separator: '|',
    maxLength: 3,
    pooling: 'mean',
  },
};

it('makes rows of all kinds of features, the same ones whatever their number', () => {
  const layout = layoutOf({ features });
  const [few, many] = [tinyFeatures(4, layout), tinyFeatures(40, layout)];
  expect(pickRows(many, [0, 1, 2, 3])).toEqual(few);
  expect(pickRows(many, [3, 1]).ids).toEqual(
    Int32Array.of(
      ...few.ids.slice(3 * layout.fields, 4 * layout.fields),
      ...few.ids.slice(layout.fields, 2 * layout.fields),
    ),
  );
  const columns = decodeFeatures(many, { features });
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['tab', 'user', 'recent']));
  const tabs = new Set(
    Array.from({ length: 40 }, (_, row) => many.ids[row * layout.fields]! - layout.places[1]!.offset),
  );
  expect([...tabs].sort()).toEqual([0, 1, 2, 3]); // unknown, missing, and both entries
});
