import { flag, optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { defineExpert, dense, type ExpertSpec } from '@polytask/core';

const options = {
  /** Width of the output. Without it, the width of the input. */
  units: optional(wholeNumber(1)),
  /** Whether the map has a bias b. */
  bias: optional(flag, true),
};

export interface LinearExpertOptions extends Written<typeof options>, FromDescription {}

/**
 * An affine map, x W + b: [batch, inputDim] → [batch, units]. W and b start from U(±1/√inputDim).
 *
 * @throws PolytaskError when `units` is not a positive whole number, or an option is unknown
 * @example linearExpert({ units: 32 })
 */
export const linearExpert: (config?: LinearExpertOptions) => ExpertSpec = defineExpert(
  'linear',
  (builder, { units = builder.inputDim, bias }) => ({
    outputDim: units,
    apply: dense(builder, { inputDim: builder.inputDim, units, bias }),
  }),
  {
    description: 'an affine map',
    package: '@polytask/experts',
    variant: { layer: (units) => ({ units }) },
    options,
  },
);
