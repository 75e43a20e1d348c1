import {
  labelsOf,
  binary,
  denseSchema,
  embed,
  emptyBatch,
  multiTaskModel,
  randomStream,
  type Batch,
  type MultiTaskModel,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import { RESERVED, type TimedConfiguration, type TimedModel } from './configurations.ts';

const POSITIVE = 0.3;

export function buildTimed(model: TimedModel, configuration: TimedConfiguration): MultiTaskModel {
  const { embeddings, tower } = configuration;
  return multiTaskModel({
    schema: schemaOf(configuration),
    network: model.network(configuration),
    tower: mlp(tower),
    ...(embeddings && { input: embed({ dimension: embeddings.dimension, update: embeddings.update }) }),
    seed: 1,
  });
}

function schemaOf({ tasks: count, inputDim, embeddings }: TimedConfiguration): Schema {
  const tasks: Tasks = Object.fromEntries(Array.from({ length: count }, (_, t) => [`task${t + 1}`, binary()]));
  if (!embeddings) return denseSchema(inputDim, tasks);
  const { fields, values } = embeddings;
  const field = { kind: 'hashed', buckets: values - RESERVED } as const;
  return { features: Object.fromEntries(Array.from({ length: fields }, (_, f) => [`field${f + 1}`, field])), tasks };
}

/** A random batch: normal numbers or uniform categories, with 30% positive labels. It is the same for a size and a turn. */
export function randomBatch({ layout, taskNames }: MultiTaskModel, size: number, turn = 0): Batch {
  const random = randomStream(1, turn === 0 ? `batch.${size}` : `batch.${size}.${turn}`);
  const values = layout.vocabulary / layout.fields; // equal for all fields
  const ids = (u: number, i: number) => (i % layout.fields) * values + Math.floor(u * values);
  const batch = {
    ...emptyBatch(size, layout, taskNames),
    numeric: random.normal(size * layout.numeric),
    ids: Int32Array.from(random.uniform(size * layout.fields), ids),
  };
  for (const task of taskNames) labelsOf(batch, task).labels.set(random.uniform(size).map((u) => Number(u < POSITIVE)));
  batch.weights.fill(1);
  return batch;
}
