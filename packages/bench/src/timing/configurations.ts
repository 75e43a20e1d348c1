import type { NamedEntry } from '@polytask/components';
import { adatt, adattSp } from '@polytask/adatt';
import { crossStitch, mmoe, ple, sharedBottom } from '@polytask/baselines';
import { fail, hashedCodes, vocabularySize, type NetworkSpec, type TableUpdate } from '@polytask/core';
import { mlp } from '@polytask/experts';

export interface TimedConfiguration extends NamedEntry {
  readonly inputDim: number;
  readonly tasks: number;
  readonly dims: readonly number[];
  readonly perTask: number;
  readonly shared: number;
  readonly pool: number;
  readonly tower: readonly number[];
  readonly batch: number;
  /** Embedded categorical fields in place of numbers: `inputDim` is fields × dimension. They have one table of fields × values rows. */
  readonly embeddings?: {
    readonly fields: number;
    /** The rows of a field, with its two for unknown and missing values. */
    readonly values: number;
    readonly dimension: number;
    readonly update: TableUpdate;
  };
  /** How many batches the steps take in turn. Default 1. */
  readonly batches?: number;
  /** What is timed unless the command names others. Default: all models, and the first two measurements. */
  readonly defaults?: Readonly<Record<'models' | 'what', readonly string[]>> & { readonly ids: readonly number[] };
}

const A = { inputDim: 320, tasks: 3, dims: [64, 32], perTask: 2, shared: 1, pool: 6, tower: [16], batch: 1024 };

/** A has the size of the paper's public benchmark, B is nearer to its industrial models, embeddings adds a sparse input to A. */
export const configurations: readonly TimedConfiguration[] = [
  {
    name: 'A',
    description: '320 inputs, 3 tasks, levels of 64 and 32, batches of 1,024',
    ...A,
  },
  {
    name: 'B',
    description: '512 inputs, 8 tasks, levels of 256 and 128, batches of 2,048',
    ...{ inputDim: 512, tasks: 8, dims: [256, 128], perTask: 2, shared: 2, pool: 16, tower: [64], batch: 2048 },
  },
  {
    name: 'embeddings',
    description: 'A behind 40 categorical fields of 1,000 values, embedded in 8 dimensions each',
    ...A,
    embeddings: { fields: 40, values: 1000, dimension: 8, update: 'dense' },
  },
  {
    name: 'ids',
    description: 'AdaTT-sp of A behind 8 id fields of 16 dimensions, whose table of --ids rows has sparse updates',
    ...{ ...A, inputDim: 128, batches: 16 },
    embeddings: { fields: 8, values: 0, dimension: 16, update: 'sparse' },
    defaults: { models: ['adatt-sp'], what: ['train'], ids: [1000, 100_000, 1_000_000] },
  },
];

/** The rows of a hashed field's table that are reserved for unknown and missing values. */
export const RESERVED = vocabularySize(hashedCodes({ buckets: 0 }));

/** The configuration with `ids` values in all fields together. @throws PolytaskError when it has no embeddings */
export function withIds(configuration: TimedConfiguration, ids: number): TimedConfiguration {
  const { embeddings, name } = configuration;
  if (!embeddings) {
    return fail({
      expected: 'a configuration with embeddings for --ids',
      received: `"${name}"`,
      fix: 'Pass --config ids.',
    });
  }
  return { ...configuration, embeddings: { ...embeddings, values: Math.floor(ids / embeddings.fields) + RESERVED } };
}

/** A model to time. It is also known by its name in the authors' library, which the lines have. */
export interface TimedModel extends NamedEntry {
  readonly also: readonly [string];
  network(configuration: TimedConfiguration): NetworkSpec;
}

const levels = <E extends object>({ dims }: TimedConfiguration, rest?: E) =>
  dims.map((width) => ({ experts: mlp([width]), ...(rest as E) }));

const timed = (name: string, reference: string, network: TimedModel['network']): TimedModel => ({
  ...{ name, also: [reference], network },
  description: name,
});

export const timedModels: readonly TimedModel[] = [
  timed('adatt-sp', 'att_sp', (c) => adattSp({ levels: levels(c, { perTask: c.perTask }) })),
  timed('adatt', 'att_g', (c) => adatt({ levels: levels(c, { perTask: c.perTask, shared: c.shared }) })),
  timed('ple', 'ple', (c) => ple({ levels: levels(c, { perTask: c.perTask, shared: c.shared }) })),
  timed('ml-mmoe', 'mmoe', (c) => mmoe({ levels: levels(c, { pool: c.pool }) })),
  timed('cross-stitch', 'cross_st', (c) => crossStitch({ levels: levels(c) })),
  timed('shared-bottom', 'share_bottom', (c) => sharedBottom({ levels: levels(c) })),
];
