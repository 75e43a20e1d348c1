import * as tf from '@tensorflow/tfjs-core';
import { lookup } from '../layers/embedding.ts';
import { normal, uniform } from '../parameters/initializers.ts';
import * as checks from '../specs/checks.ts';
import { defineInput } from './input.ts';

/** Options of {@link embed}. */
export interface EmbedConfig {
  /** Width of each field's vector. Default 8. */
  dimension?: number;
  /**
   * How the table is initialized. `small` (default) is U(±0.05), as in Keras; `pytorch` is N(0, 1), as in `nn.Embedding`.
   * On census-income this option changes the AUC more than the architecture does.
   */
  start?: 'small' | 'pytorch';
}

/**
 * The default input of a model: the numbers, an embedding for each categorical field, and a pooled embedding for each
 * multi-valued feature, concatenated. All fields share one table, in which each has its own rows.
 *
 * @returns [batch, numeric + fields × dimension + multi-valued × dimension]
 * @throws PolytaskError when an option is unknown or doesn't fit
 * @example multiTaskModel({ schema, input: embed({ dimension: 16 }), network, seed: 7 })
 */
export const embed = defineInput<EmbedConfig>(
  'embed',
  ({ layout, weight }, config) => {
    const { dimension = 8, start = 'small' } = config;
    const bags = layout.places.filter((place) => place.feature.kind === 'multi-valued');
    const init = start === 'pytorch' ? normal(1) : uniform(0.05);
    const table = layout.vocabulary > 0 ? weight('table', [layout.vocabulary, dimension], init) : undefined;

    return {
      outputDim: layout.numeric + (layout.fields + bags.length) * dimension,
      features: new Map(
        layout.places.map((place) => {
          const { name, feature, column, width } = place;
          if (feature.kind === 'numeric' || feature.kind === 'vector') return [name, { from: column, width }];
          const field = feature.kind === 'multi-valued' ? layout.fields + bags.indexOf(place) : column;
          return [name, { from: layout.numeric + field * dimension, width: dimension }];
        }),
      ),
      apply({ numeric, ids, bagIds, bagWeights }) {
        const batch = numeric.shape[0];
        const parts: tf.Tensor2D[] = layout.numeric > 0 ? [numeric] : [];
        if (table && layout.fields > 0) {
          parts.push(tf.reshape(lookup(table, ids), [batch, layout.fields * dimension]));
        }
        if (table && bags.length > 0) {
          const weighted = tf.mul(lookup(table, bagIds), tf.expandDims(bagWeights, 2)); // [batch, slots, dimension]
          const widths = bags.map((place) => place.width);
          const split = bags.length === 1 ? [weighted] : tf.split(weighted, widths, 1); // one piece has no gradient in TF.js
          parts.push(...split.map((bag) => tf.sum(bag, 1) as tf.Tensor2D));
        }
        return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      },
    };
  },
  {
    description: 'numbers, and a learned vector for each category',
    package: '@polytask/core',
    options: {
      dimension: checks.optional(checks.wholeNumber(1)),
      start: checks.optional(checks.oneOf('small', 'pytorch')),
    },
  },
);
