import { checks, defineExpert, dense } from '@polytask/core';

const { flag, optional, wholeNumber } = checks;

/** Options of {@link linearExpert}. */
export interface LinearExpertOptions {
  /** Width of the output. Default: the width of the input. */
  units?: number;
  /** Whether the map has a bias b. Default true. */
  bias?: boolean;
}

/**
 * An affine map, x W + b: [batch, inputDim] → [batch, units]. W and b start from U(±1/√inputDim).
 *
 * @throws PolytaskError when `units` is not a positive whole number, or an option is unknown
 * @example linearExpert({ units: 32 })
 */
export const linearExpert = defineExpert<LinearExpertOptions>(
  'linear',
  (builder, { units = builder.inputDim, bias = true }) => ({
    outputDim: units,
    apply: dense(builder, { inputDim: builder.inputDim, units, bias }),
  }),
  {
    description: 'an affine map',
    package: '@polytask/experts',
    variants: { linear: { layer: (units) => ({ units }) } },
    options: { units: optional(wholeNumber(1)), bias: optional(flag) },
  },
);
