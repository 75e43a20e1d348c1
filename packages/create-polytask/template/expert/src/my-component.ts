import * as tf from '@tensorflow/tfjs-core';
import { checks, defineExpert, dense } from '@polytask/core';

const options = {
  /** Width of the output. */
  units: checks.wholeNumber(1),
};

/**
 * sin(x W + b). [batch, inputDim] → [batch, units]. Replace the equation by yours.
 *
 * @throws PolytaskError when `units` isn't a positive whole number, or an option is unknown
 * @example myComponent({ units: 64 })
 */
export const myComponent = defineExpert(
  'my-package/my-component',
  (builder, { units }) => {
    const layer = dense(builder, { inputDim: builder.inputDim, units });
    return { outputDim: units, apply: (x, call) => tf.sin(layer(x, call)) };
  },
  {
    description: 'the sine of an affine map',
    package: 'my-package',
    options,
    variant: { layer: (units) => ({ units }) }, // for `polytask bench --experts`
  },
);
