import {
  binary,
  embed,
  emptyBatch,
  layoutOf,
  multiTaskModel,
  randomStream,
  type Examples,
  type InputSpec,
  type MultiTaskModel,
  type Schema,
  type TableUpdate,
} from '@polytask/core';
import { encodedTable } from '@polytask/data';
import { tinyNetwork } from './tiny.ts';

const item = { kind: 'hashed', buckets: 60 } as const;

export const idSchema = {
  features: {
    user: { kind: 'hashed', buckets: 90 },
    item,
    tags: {
      kind: 'multi-valued',
      values: { kind: 'hashed', buckets: 20 },
      separator: ',',
      maxLength: 3,
      pooling: 'mean',
    },
  },
  tasks: { click: binary(), like: binary() },
} as const;

export const idModel = (
  update: TableUpdate,
  network: Parameters<typeof tinyNetwork>[0] = { units: 6 },
  input: InputSpec = embed({ dimension: 4, update, start: 'pytorch' }),
  schema: Schema<typeof idSchema.tasks> = idSchema,
): MultiTaskModel<typeof idSchema.tasks> => multiTaskModel({ schema, input, network: tinyNetwork(network), seed: 7 });

export function idRows(size: number, seed = 1): Examples<typeof idSchema.tasks> {
  const layout = layoutOf(idSchema);
  const skewed = (name: string, count: number) =>
    randomStream(seed, name)
      .uniform(count)
      .map((u) => u ** 2);
  const [users, items, tags] = [skewed('user', size), skewed('item', size), skewed('tags', 3 * size)];
  const labels = ['click', 'like'].map((task) =>
    randomStream(seed, task)
      .uniform(size)
      .map((u) => Math.round(u)),
  );
  const batch = emptyBatch(size, layout, ['click', 'like']);
  for (let k = 0; k < size; k++) {
    batch.ids[2 * k] = Math.floor(users[k]! * 92);
    batch.ids[2 * k + 1] = 92 + Math.floor(items[k]! * 62);
    for (let slot = 0; slot < 3; slot++) batch.bagIds[3 * k + slot] = 154 + Math.floor(tags[3 * k + slot]! * 22);
    labels.forEach((of, t) => (batch.labels[t * size + k] = of[k]!));
  }
  batch.bagWeights.fill(1 / 3);
  batch.weights.fill(1);
  return encodedTable<typeof idSchema.tasks>(idSchema, batch);
}
