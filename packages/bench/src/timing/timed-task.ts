import {
  binary,
  denseSchema,
  embed,
  emptyBatch,
  multiTaskModel,
  randomStream,
  vocabularySize,
  type Batch,
  type MultiTaskModel,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import type { TimedConfiguration, TimedModel } from './configurations.ts';

/** A hashed field keeps two rows of the table for what is unknown and what is missing. */
const RESERVED = vocabularySize({ kind: 'hashed', buckets: 0 });

const POSITIVE = 0.3;

/** A model of a configuration, at its start. */
export function buildTimed(model: TimedModel, configuration: TimedConfiguration): MultiTaskModel {
  const { embeddings, tower } = configuration;
  return multiTaskModel({
    schema: schemaOf(configuration),
    network: model.network(configuration),
    tower: mlp(tower),
    ...(embeddings && { input: embed({ dimension: embeddings.dimension }) }),
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

/** Normal numbers or uniform categories, and labels that are 1 three times in ten; the same ones for a size each time. */
export function randomBatch({ layout, taskNames }: MultiTaskModel, size: number): Batch {
  const random = randomStream(1, `batch.${size}`);
  const column = (values: () => Float32Array) => Object.fromEntries(taskNames.map((task) => [task, values()]));
  const values = layout.vocabulary / layout.fields; // all fields have as many
  const ids = (u: number, i: number) => (i % layout.fields) * values + Math.floor(u * values);
  return {
    ...emptyBatch(size, layout),
    numeric: random.normal(size * layout.numeric),
    ids: Int32Array.from(random.uniform(size * layout.fields), ids),
    labels: column(() => random.uniform(size).map((u) => Number(u < POSITIVE))),
    weights: column(() => new Float32Array(size).fill(1)),
  };
}
