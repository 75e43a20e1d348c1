import { fanInUniform, uniform, zeros, type Initializer } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import { activation, type Activation } from './activations.ts';
import type { Layer } from './layer.ts';
import { linear } from './linear.ts';

/** The configuration of {@link dense}. */
export interface DenseConfig {
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
}

/**
 * A dense layer: activation(x W + b). W and b start from U(±1/√inputDim), as in PyTorch's `nn.Linear`.
 *
 * @returns [(bank,) batch, inputDim] → [(bank,) batch, units]
 * @throws PolytaskError when the activation is unknown
 * @example const layer = dense(scope, { inputDim: 8, units: 4, activation: 'relu' });
 */
export function dense(scope: Scope, config: DenseConfig): Layer {
  const { inputDim, units } = config;
  const kernel = scope.weight('kernel', [inputDim, units], config.kernelInit ?? fanInUniform());
  const biasInit = config.biasInit ?? biasUniform(inputDim);
  const bias = config.bias === false ? undefined : scope.bias('bias', units, biasInit);
  const act = activation(config.activation ?? 'linear');
  return (x, call) => act(linear(x, kernel, bias, call.shared));
}

/** U(±1/√inputDim), the default initializer of a dense layer's bias. */
export const biasUniform = (inputDim: number): Initializer =>
  inputDim > 0 ? uniform(1 / Math.sqrt(inputDim)) : zeros();
