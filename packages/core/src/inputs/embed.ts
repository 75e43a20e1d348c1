import {
  component,
  oneOf,
  optional,
  shaped,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { type FeatureTensors, gatheredRows, type GatheredRows } from '../features/batch-tensors.ts';
import { firstQuotientRow, isComposed, vectorsOf, vocabularySize } from '../features/codes.ts';
import { type BatchPart, type FeaturePosition, idPlaces, type Layout } from '../features/layout.ts';
import { lookup } from '../layers/operations.ts';
import { type Initializer, normal, uniform } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import { createInput, defineInput, type InputSpec } from './input.ts';
import { attentionOptions, pooledNumbers, poolSequences, slotsOf } from './pooling.ts';
import './target-attention.ts';

const options = {
  /** Width of a vector. A categorical or hashed feature with `vectors: 4` has four of them, one after the other. */
  dimension: optional(wholeNumber(1), 8),
  /**
   * How the table is initialized. `small` is U(±0.05), as in Keras; `pytorch` is N(0, 1), as in `nn.Embedding`.
   * On census-income this option changes the AUC more than the architecture does.
   */
  start: optional(oneOf('small', 'pytorch'), 'small'),
  /**
   * Which rows of the table a training step updates: all (`dense`), or only those of the batch (`sparse`). The default is
   * `sparse` for a table of 2²⁰ values or more (rows × dimension), and `dense` for a smaller one. `fit` says when it is
   * `sparse` by default.
   */
  update: optional(oneOf('dense', 'sparse')),
  /** The activation units of sequences that are pooled by attention. */
  attention: optional(shaped(attentionOptions)),
  /** The input that reads the numbers, such as `periodic()` of `@polytask/core/features`. Without it, they stay as they are encoded. */
  numbers: optional(component('input')),
};

export interface EmbedOptions extends Written<typeof options>, FromDescription {}

export type TableUpdate = 'dense' | 'sparse';

/** The numbers of a table from which its default update is `sparse`. */
const SPARSE_FROM = 2 ** 20;

/**
 * The default input of a model: the numbers, an embedding for each categorical field, and a pooled embedding for each
 * multi-valued feature and sequence, concatenated. All fields are in one table, in which each vocabulary has its own rows.
 *
 * @returns [batch, numbers + (fields + pooled features) × dimension + side columns of numbers]
 * @throws PolytaskError when an option is unknown or doesn't fit
 * @example multiTaskModel({ schema, input: embed({ dimension: 16 }), network, seed: 7 })
 */
export const embed: (config?: EmbedOptions) => InputSpec = defineInput(
  'embed',
  ({ layout, ...scope }, { dimension, start, update, attention: units, numbers: ofNumbers }) => {
    const placesIn = (name: BatchPart) => layout.places.filter(({ part }) => part === name);
    const [bags, numberSides] = [placesIn('bagIds'), placesIn('bagNumbers')];
    const vectors = layout.fields + bags.length;
    const init = start === 'pytorch' ? normal(1) : uniform(0.05);
    const shape = [layout.vocabulary, dimension] as const;
    const rowsIn =
      layout.vocabulary > 0 ? embeddingTable(scope, shape, quotientsAtOne(init, layout), update) : undefined;
    const singles = idPlaces(layout);

    const numeric = { ...layout, places: placesIn('numeric') };
    const numbers = ofNumbers && createInput({ ...scope.child('numbers'), layout: numeric }, ofNumbers);
    const first = numbers?.outputDim ?? layout.numeric;
    const pool = poolSequences(scope, layout, dimension, units);

    return {
      outputDim: first + vectors * dimension + numberSides.length,
      features: new Map(
        layout.places.map((place) => {
          const { name, part, column, width } = place;
          const own = numbers ? { from: 0, width: first } : { from: column, width };
          if (part === 'numeric') return [name, numbers?.features?.get(name) ?? own];
          if (part === 'bagNumbers') {
            return [name, { from: first + vectors * dimension + numberSides.indexOf(place), width: 1 }];
          }
          const field = part === 'bagIds' ? layout.fields + bags.indexOf(place) : column;
          const count = part === 'ids' ? width : 1;
          return [name, { from: first + field * dimension, width: count * dimension }];
        }),
      ),
      apply(features) {
        const { numeric, bagWeights, bagNumbers } = features;
        const batch = numeric.shape[0];
        const table = rowsIn?.(features); // the whole table, or its rows for this batch
        const parts: tf.Tensor2D[] = first > 0 ? [numbers?.apply(features) ?? numeric] : [];
        if (!table) return parts[0]!;
        const { rows, positions } = table;
        const quotients = layout.quotients > 0 ? lookup(rows, positions.quotientIds) : undefined;
        const fields = layout.fields > 0 ? composeVectors(lookup(rows, positions.ids), quotients, singles) : undefined;
        if (fields) parts.push(tf.reshape(fields, [batch, layout.fields * dimension]));
        if (bags.length > 0) {
          const slots = composeVectors(lookup(rows, positions.bagIds), quotients, bags);
          const pooled = pool?.({ fields, slots, bagWeights, bagNumbers });
          const weights = pooled?.weights ?? bagWeights;
          const weighted = tf.mul(slots, tf.expandDims(weights, 2)); // [batch, slots, dimension]
          const widths = bags.map((place) => place.width);
          const split = bags.length === 1 ? [weighted] : tf.split(weighted, widths, 1); // one piece has no gradient in TF.js
          parts.push(...split.map((bag, i) => pooled?.vectors.get(bags[i]!.name) ?? (tf.sum(bag, 1) as tf.Tensor2D)));
          parts.push(...pooledNumbers(layout, { bagNumbers }, weights));
        }
        return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      },
    };
  },
  {
    description: 'numbers, and a learned vector for each category',
    package: '@polytask/core',
    options,
  },
);

/** A function that gives the rows of a new table for some features, and the row of each id. */
function embeddingTable(
  scope: Scope,
  shape: readonly [rows: number, dimension: number],
  init: Initializer,
  update: TableUpdate = shape[0] * shape[1] < SPARSE_FROM ? 'dense' : 'sparse',
): (features: FeatureTensors) => GatheredRows {
  if (update === 'sparse') {
    const table = scope.table('table', shape, init);
    return (features) => gatheredRows(table, features);
  }
  const variable = scope.weight('table', shape, init, { isTable: true });
  return (features) => ({ rows: variable, positions: features });
}

/** R[b mod m] ⊙ Q[b div m]. @param vectors [batch, columns, dimension] of a part @param places the features of the part, in order */
function composeVectors(
  vectors: tf.Tensor3D,
  quotients: tf.Tensor3D | undefined,
  places: readonly FeaturePosition[],
): tf.Tensor3D {
  if (!quotients || places.every(({ quotientColumn }) => quotientColumn === undefined)) return vectors;
  const composed = places.map((place): tf.Tensor3D => {
    const { quotientColumn: column, width } = place;
    const own = slotsOf(vectors, place);
    return column === undefined ? own : tf.mul(own, slotsOf(quotients, { column, width }));
  });
  return composed.length === 1 ? composed[0]! : tf.concat(composed, 1);
}

/** Starts the rows of quotients at 1, because the product of two small rows would be much smaller than other vectors. */
const quotientsAtOne =
  (init: Initializer, { places }: Layout): Initializer =>
  (shape, ...rest) => {
    const values = init(shape, ...rest);
    const dimension = shape[1]!;
    for (const { table } of places) {
      if (!table || !isComposed(table.codes)) continue;
      for (let vector = 0; vector < vectorsOf(table.codes); vector++) {
        const from = table.offset + vector * vocabularySize(table.codes) + firstQuotientRow(table.codes);
        values.fill(1, from * dimension, (from + 1 + table.codes.quotients) * dimension);
      }
    }
    return values;
  };
