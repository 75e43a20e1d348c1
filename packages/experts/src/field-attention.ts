import * as tf from '@tensorflow/tfjs-core';
import { flag, optional, wholeNumber, type FromDescription, type Read, type Written } from '@polytask/components';
import { defineExpert, fail, linear, type ExpertBuilder, type ExpertSpec, type Layer } from '@polytask/core';

const options = {
  /** The number of fields. The input is split into this many equal parts. */
  fields: wholeNumber(1),
  /** Width of a head. Default: the width of a field. */
  units: optional(wholeNumber(1)),
  /** The number of heads. */
  heads: optional(wholeNumber(1), 2),
  /** The number of attention layers. */
  layers: optional(wholeNumber(1), 1),
  /** Whether to add W_res e_m, the projection of a field's own vector. */
  residual: optional(flag, true),
};

export interface FieldAttentionOptions extends Written<typeof options>, FromDescription {}

/**
 * Self-attention over feature fields (AutoInt, Song et al., CIKM'19, eq. 5 to 8). For the vector e_m of field m, each head
 * computes ẽ_m = Σ_k softmax_k(<W_Q e_m, W_K e_k>) W_V e_k. The next vector of the field is relu([ẽ_m of all heads] +
 * W_res e_m).
 *
 * The input has the fields one after the other, with `inputDim` / `fields` numbers each, as `embed` writes categorical
 * features. Shapes: [batch, fields × d] → [batch, fields × heads × units].
 *
 * @throws PolytaskError when a number is not a positive whole number, or an option is unknown
 * @throws PolytaskError, when the model is built, if the input can't be split into equal fields
 * @example fieldAttention({ fields: 12, heads: 2, units: 8 })
 */
export const fieldAttention: (config: FieldAttentionOptions) => ExpertSpec = defineExpert(
  'field-attention',
  (builder, { fields, units: ofHead, heads, layers, residual }) => {
    const { inputDim } = builder;
    if (inputDim % fields !== 0) {
      fail({
        expected: `an input of ${fields} fields of one width for field-attention`,
        received: `${inputDim} numbers`,
        fix: 'Pass the number of fields that the input has; numeric features and embeddings of one width split evenly.',
      });
    }
    let width = inputDim / fields;
    const units = ofHead ?? width;
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
    options,
  },
);

interface Shape extends Omit<Read<typeof options>, 'units' | 'layers'> {
  /** Width of a head. */
  units: number;
  /** Width of a field's vector. */
  width: number;
}

function attention(scope: Pick<ExpertBuilder, 'weight'>, { fields, width, units, heads, residual }: Shape): Layer {
  const kernel = (name: string) => scope.weight(name, [width, heads * units]);
  const [query, key, value] = [kernel('query'), kernel('key'), kernel('value')];
  const residualKernel = residual ? kernel('residual') : undefined;

  return (x) => {
    const batch = x.shape[x.rank - 2]!;
    const fieldRows = tf.reshape(x, [...x.shape.slice(0, -2), batch * fields, width]); // one field per row
    const queries = linear(fieldRows, query);
    const rows = (queries.rank === 3 ? queries.shape[0]! : 1) * batch;
    const splitHeads = (projection: tf.Tensor) => {
      const parts = tf.transpose(tf.reshape(projection, [rows, fields, heads, units]), [0, 2, 1, 3]);
      return tf.reshape(parts, [rows * heads, fields, units]);
    };
    const keys = splitHeads(linear(fieldRows, key));
    const scores = tf.matMul(splitHeads(queries), keys, false, true); // [rows × heads, fields, fields]
    const values = splitHeads(linear(fieldRows, value));
    const mixture = tf.reshape(tf.matMul(tf.softmax(scores), values), [rows, heads, fields, units]);
    const joined = tf.reshape(tf.transpose(mixture, [0, 2, 1, 3]), queries.shape); // [(bank,) batch × fields, heads × units]
    const next = tf.relu(residualKernel ? tf.add(joined, linear(fieldRows, residualKernel)) : joined);
    return tf.reshape(next, [...queries.shape.slice(0, -2), batch, fields * heads * units]);
  };
}
