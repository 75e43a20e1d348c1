import { randomStream, type Call, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import '@polytask/training/gradients';
import '@tensorflow/tfjs-backend-cpu';

/**
 * Normally distributed rows that depend on the arguments alone. [count][width]
 *
 * @param name of the random stream; another name gives other rows
 * @example tinyRows(2, 3); // two rows of three numbers
 */
export function tinyRows(count: number, width = 3, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}

/** A call with the network's input, [batch, width]. @param losses collects the losses that components add, by name */
export const tinyCall = (raw: tf.Tensor2D, training = false, losses: Record<string, tf.Scalar> = {}): Call => ({
  training,
  raw,
  addLoss: (name, loss) => void (losses[name] = losses[name] ? tf.add(losses[name], loss) : loss),
});

/** The input of a bank: one matrix for all members, or a stack with a matrix for each member. */
export const oneOrEach = (inputs: readonly tf.Tensor2D[]): tf.Tensor2D | tf.Tensor3D =>
  inputs.length === 1 ? inputs[0]! : (tf.stack([...inputs]) as tf.Tensor3D);

/** Writes values, nested or flat, into a parameter of the same size. */
export function writeParameter(store: ParameterStore, name: string, values: tf.TensorLike): void {
  const { variable } = store.get(name);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

/** The gradient of a loss by parameter, row-major. A parameter that the loss doesn't depend on has zeros. */
export const gradientNumbers = (
  loss: () => tf.Scalar,
  parameters: readonly { readonly name: string; readonly variable: tf.Variable }[],
): Record<string, Float32Array> =>
  tf.tidy(() => {
    const variables = parameters.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(loss, variables);
    const numbers = (variable: tf.Variable) =>
      grads[variable.name]?.dataSync<'float32'>().slice() ?? new Float32Array(variable.size);
    return Object.fromEntries(parameters.map(({ name, variable }) => [name, numbers(variable)]));
  });
