import { checkNames } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { fanInUniform, ones, uniform, zeros, type Initializer } from '../parameters/initializers.ts';
import type { ParameterAxes } from '../parameters/parameter-store.ts';
import type { Scope } from '../parameters/scope.ts';
import { activation, type Activation } from './activations.ts';
import type { Layer } from './layer.ts';
import { linear } from './linear.ts';

export interface DenseOptions {
  /** Width of the input. */
  inputDim: number;
  /** Width of the output. */
  units: number;
  /** Default `linear`. */
  activation?: Activation;
  /** Whether the layer has a bias. Default true. */
  bias?: boolean;
  /** Default U(±1/√inputDim). */
  kernelInit?: Initializer;
  /** Default U(±1/√inputDim). */
  biasInit?: Initializer;
  /** Names along the axes of the bias: {@link Scope.bias}. */
  biasAxes?: ParameterAxes;
}

const OPTIONS = ['inputDim', 'units', 'activation', 'bias', 'kernelInit', 'biasInit', 'biasAxes'];

/**
 * A dense layer: activation(x W + b). W and b start from U(±1/√inputDim), as in PyTorch's `nn.Linear`.
 *
 * In a model with members, all members share W. Member i has its own scale s_i, which starts at 1, and its own bias b_i. The layer is then
 * activation((x W) ∘ s_i + b_i), after BatchEnsemble (Wen et al., ICLR 2020) and TabM (Gorishniy et al., ICLR 2025).
 *
 * @returns [(bank,) batch, inputDim] → [(bank,) batch, units]
 * @throws PolytaskError when the activation or an option is unknown
 * @example const layer = dense(scope, { inputDim: 8, units: 4, activation: 'relu' });
 */
export function dense(scope: Scope, config: DenseOptions): Layer {
  checkNames(config, OPTIONS, 'dense');
  const { inputDim, units } = config;
  const kernel = scope.weight('kernel', [inputDim, units], config.kernelInit ?? fanInUniform());
  const biasInit = config.biasInit ?? biasUniform(inputDim);
  const own = scope.perModelMember;
  const bias = config.bias === false ? undefined : (own ?? scope).bias('bias', units, biasInit, config.biasAxes);
  const act = activation(config.activation ?? 'linear');
  if (!own) return (x, call) => act(linear(x, kernel, bias, call.shared));
  const scale = own.bias('scale', units, ones());
  const bank = scope.members?.length ?? 1;
  return (x, { shared, copies = 1 }) => {
    const product = linear(x, kernel, undefined, shared); // [(bank,) copies · members · batch, units]
    const each = (vector: tf.Tensor) =>
      copies === 1
        ? vector
        : tf.reshape(tf.tile(tf.reshape(vector, [bank, -1]), [1, copies]), [vector.shape[0]! * copies, 1, units]);
    const scaled = tf.mul(tf.reshape(product, [scale.shape[0]! * copies, -1, units]), each(scale));
    return act(tf.reshape(bias ? tf.add(scaled, each(bias)) : scaled, product.shape));
  };
}

/** U(±1/√inputDim), the default initializer of a dense layer's bias. */
export const biasUniform = (inputDim: number): Initializer =>
  inputDim > 0 ? uniform(1 / Math.sqrt(inputDim)) : zeros();
