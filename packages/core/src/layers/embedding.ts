import * as tf from '@tensorflow/tfjs';

/**
 * Rows of a table by their ids: [vocabulary, dimension], [batch, fields] → [batch, fields, dimension].
 *
 * Its gradient adds the rows up with `scatterND`, which every TF.js backend has and which takes time by the batch: TF.js's
 * own gradient of `gather` is missing on wasm and takes vocabulary × batch on cpu.
 *
 * @param ids int32, each in [0, vocabulary)
 */
export function lookup(table: tf.Tensor, ids: tf.Tensor2D): tf.Tensor3D {
  const [vocabulary, dimension] = table.shape as [number, number];
  const [batch, fields] = ids.shape;
  const flat = tf.reshape(ids, [batch * fields]);
  const gathered = tf.customGrad((...inputs) => {
    const [rows, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([flat]); // the gradient runs after the forward pass's own tensors are gone
    return {
      value: tf.gather(rows, flat),
      gradFunc: (dy: tf.Tensor, [at]: tf.Tensor[]) =>
        tf.scatterND(tf.reshape(at!, [batch * fields, 1]), dy, [vocabulary, dimension]) as tf.Tensor,
    };
  })(table);
  return tf.reshape(gathered, [batch, fields, dimension]);
}
