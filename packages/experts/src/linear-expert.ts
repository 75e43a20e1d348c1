import { defineExpert, dense } from '@polytask/core';

export interface LinearExpertConfig {
  units: number;
  bias?: boolean;
}

/**
 * An affine map, x W + b: [batch, inputDim] → [batch, units].
 *
 * @example linearExpert({ units: 32 })
 */
export const linearExpert = defineExpert<LinearExpertConfig>('linear', (builder, { units, bias = true }) => ({
  outputDim: units,
  apply: dense(builder, { inputDim: builder.inputDim, units, bias }),
}));
