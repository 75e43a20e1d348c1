import * as tf from '@tensorflow/tfjs-core';

/**
 * Looks up rows of an embedding table by their ids.
 *
 * The gradient adds the rows with `scatterND`: every TF.js backend has it, and its time grows with the batch alone. The
 * gradient of `gather` in TF.js is missing on wasm, and takes vocabulary × batch steps on cpu.
 *
 * @param table [vocabulary, dimension]
 * @param ids [batch, fields], int32, each in [0, vocabulary)
 * @returns [batch, fields, dimension]
 * @example lookup(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1]], [1, 1], 'int32')) // [[[3, 4]]]
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
