import { defineExpert } from '@polytask/core';

/**
 * The identity: [batch, inputDim] → the same tensor, without parameters. A level of these experts only mixes lanes. Uses are
 * the skip of a residual block (AdaShare), the layers that a sluice network's β mixes, and the features that MTAN masks.
 *
 * @throws PolytaskError when it gets an option
 * @example fusion([{ units: ownUnits(tasks), experts: passExpert(), outputs: tasks, gate: softmaxGate() }])
 */
export const passExpert = defineExpert('pass', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
  description: 'its input, unchanged',
  package: '@polytask/experts',
  bankable: false,
});
