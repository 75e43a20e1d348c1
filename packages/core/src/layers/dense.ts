import { fanInUniform, uniform, zeros, type Initializer } from '../parameters/initializers.ts';
import type { Scope } from '../parameters/scope.ts';
import { activation, type Activation } from './activations.ts';
import type { Layer } from './layer.ts';
import { linear } from './linear.ts';

export interface DenseConfig {
  inputDim: number;
  units: number;
  activation?: Activation;
  bias?: boolean;
  kernelInit?: Initializer;
  biasInit?: Initializer;
}

/**
 * activation(x W + b). Starts as PyTorch's `nn.Linear`: both from U(±1/√inputDim).
 *
 * @returns [(bank,) batch, inputDim] → [(bank,) batch, units]
 */
export function dense(scope: Scope, config: DenseConfig): Layer {
  const { inputDim, units } = config;
  const kernel = scope.weight('kernel', [inputDim, units], config.kernelInit ?? fanInUniform());
  const biasInit = config.biasInit ?? biasUniform(inputDim);
  const bias = config.bias === false ? undefined : scope.bias('bias', units, biasInit);
  const act = activation(config.activation ?? 'linear');
  return (x, call) => act(linear(x, kernel, bias, call.shared));
}

/** U(±1/√inputDim): how a dense layer's bias starts unless it is told otherwise. */
export const biasUniform = (inputDim: number): Initializer =>
  inputDim > 0 ? uniform(1 / Math.sqrt(inputDim)) : zeros();
