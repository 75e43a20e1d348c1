import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';

/** @throws PolytaskError when a tensor has another shape. @param of who gives it @param axes what the error says of the shape */
export function checkShape(x: tf.Tensor, shape: readonly number[], of: string, fix: string, axes = ''): void {
  if (x.shape.length === shape.length && x.shape.every((side, i) => side === shape[i])) return;
  fail({ expected: `${of} to give [${shape}]${axes}`, received: `[${x.shape}]`, fix });
}

/** Splits a tensor along an axis. The gradient of `tf.unstack` throws for an axis of length 1. @example unstack(tf.tensor2d([[1, 2], [3, 4]])) */
export function unstack(x: tf.Tensor, axis = 0): tf.Tensor[] {
  return x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis);
}

/**
 * Selects slices of the leading axis: [n, batch, dim] → [places, batch, dim]. The gradient is one product, because that of `tf.gather` needs
 * UnsortedSegmentSum, which wasm lacks.
 */
export function takeMembers(x: tf.Tensor3D, places: readonly number[]): tf.Tensor3D {
  const [count, batch, dim] = x.shape;
  if (places.length === count && places.every((place, i) => place === i)) return x;
  const take = tf.customGrad((...inputs) => ({
    value: tf.gather(inputs[0] as tf.Tensor3D, tf.tensor1d([...places], 'int32')),
    gradFunc: (dy) => {
      const takers = places.map((place) => Array.from({ length: count }, (_, i) => Number(i === place)));
      const sums = tf.matMul(tf.transpose(tf.tensor2d(takers)), tf.reshape(dy, [places.length, batch * dim]));
      return tf.reshape(sums, [count, batch, dim]);
    },
  }));
  return take(x) as tf.Tensor3D;
}

/** Repeats the rows of a batch, one copy after the other: [batch, width] → [times · batch, width]. Its gradient is one sum. */
export function repeatRows(x: tf.Tensor2D, times: number): tf.Tensor2D {
  if (times === 1) return x;
  const repeat = tf.customGrad((...inputs) => ({
    value: tf.tile(inputs[0] as tf.Tensor2D, [times, 1]),
    gradFunc: (dy) => tf.sum(tf.reshape(dy, [times, ...x.shape]), 0),
  }));
  return repeat(x) as tf.Tensor2D;
}

/** How many times in a row each of `count` slices is selected; undefined when the counts differ or the order does. */
export function timesInARow(places: readonly number[], count: number): number | undefined {
  const times = places.length / count;
  return Number.isInteger(times) && places.every((place, i) => place === Math.floor(i / times)) ? times : undefined;
}

/**
 * Looks up rows of an embedding table by their ids. Its gradient adds the rows with `scatterND`, whose time grows with the batch alone. That
 * of `gather` in TF.js is missing on wasm, and takes vocabulary × batch steps on cpu.
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
