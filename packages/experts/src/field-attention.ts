import * as tf from '@tensorflow/tfjs';
import { checks, defineExpert, fail, linear, type ExpertBuilder, type Layer } from '@polytask/core';

const { flag, optional, wholeNumber } = checks;

export interface FieldAttentionConfig {
  /** How many equal parts the input is taken as: one for each field. */
  fields: number;
  /** Width of a head. Default: that of a field. */
  units?: number;
  /** Default 2. */
  heads?: number;
  /** Attention layers, one on the other. Default 1. */
  layers?: number;
  /** Whether a field's own vector is added through W_res. Default true. */
  residual?: boolean;
}

/**
 * Self-attention over feature fields (AutoInt, Song et al., CIKM'19, eq. 5 to 8). With e_m the vector of field m, each head
 * gives ẽ_m = Σ_k softmax_k(<W_Q e_m, W_K e_k>) W_V e_k; a field's next vector is relu(all heads' ẽ_m + W_res e_m).
 * [batch, fields × d] → [batch, fields × heads × units]: the fields stand side by side, `inputDim` / `fields` numbers each,
 * as `embed` puts categorical features.
 *
 * @throws PolytaskError when a number isn't a positive whole one, or an option is unknown; when the model is built, if the
 *   input can't be split into that many equal parts
 * @example fieldAttention({ fields: 12, heads: 2, units: 8 })
 */
export const fieldAttention = defineExpert<FieldAttentionConfig>(
  'field-attention',
  (builder, { fields, heads = 2, layers = 1, residual = true, ...config }) => {
    const { inputDim } = builder;
    if (inputDim % fields !== 0) {
      fail({
        expected: `an input of ${fields} fields of one width for field-attention`,
        received: `${inputDim} numbers`,
        mend: 'Pass the number of fields that the input has; numeric features and embeddings of one width split evenly.',
      });
    }
    const units = config.units ?? inputDim / fields;
    let width = inputDim / fields;
    const stack = Array.from({ length: layers }, (_, l) => {
      const layer = attention(builder.child(String(l)), { fields, width, units, heads, residual });
      width = heads * units;
      return layer;
    });
    return { outputDim: fields * width, apply: (x, call) => stack.reduce((h, layer) => layer(h, call), x) };
  },
  {
    description: 'self-attention over the fields of the input',
    paper: 'Song et al., CIKM 2019, eq. 5',
    package: '@polytask/experts',
    options: {
      fields: wholeNumber(1),
      units: optional(wholeNumber(1)),
      heads: optional(wholeNumber(1)),
      layers: optional(wholeNumber(1)),
      residual: optional(flag),
    },
  },
);

interface Shape extends Required<Omit<FieldAttentionConfig, 'layers'>> {
  /** Width of a field's vector. */
  width: number;
}

function attention(scope: Pick<ExpertBuilder, 'weight'>, { fields, width, units, heads, residual }: Shape): Layer {
  const kernel = (name: string) => scope.weight(name, [width, heads * units]);
  const [query, key, value] = [kernel('query'), kernel('key'), kernel('value')];
  const own = residual ? kernel('residual') : undefined;

  return (x) => {
    const batch = x.shape[x.rank - 2]!;
    const each = tf.reshape(x, [...x.shape.slice(0, -2), batch * fields, width]); // one field a row
    const asked = linear(each, query);
    const rows = (asked.rank === 3 ? asked.shape[0]! : 1) * batch;
    const apart = (kernelOf: tf.Tensor) => {
      const projected = kernelOf === query ? asked : linear(each, kernelOf);
      const parts = tf.transpose(tf.reshape(projected, [rows, fields, heads, units]), [0, 2, 1, 3]);
      return tf.reshape(parts, [rows * heads, fields, units]);
    };
    const scores = tf.matMul(apart(query), apart(key), false, true); // [rows × heads, fields, fields]
    const mixed = tf.reshape(tf.matMul(tf.softmax(scores), apart(value)), [rows, heads, fields, units]);
    const together = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), asked.shape); // [(bank,) batch × fields, heads × units]
    const next = tf.relu(own ? tf.add(together, linear(each, own)) : together);
    return tf.reshape(next, [...asked.shape.slice(0, -2), batch, fields * heads * units]);
  };
}
