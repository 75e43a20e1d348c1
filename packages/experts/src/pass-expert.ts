import { defineExpert } from '@polytask/core';

/**
 * Gives what it reads: [batch, inputDim] → the same. It has no parameters. A level of these only mixes lanes: the skip of
 * a residual block (AdaShare), the layers that a sluice network's β weighs, the shared features that MTAN masks.
 *
 * @throws PolytaskError when it is given an option
 * @example fusion([{ units: ownUnits(tasks), experts: passExpert(), outputs: tasks, gate: softmaxGate() }])
 */
export const passExpert = defineExpert<Record<never, never>>(
  'pass',
  ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }),
  { description: 'what it reads, as it is', package: '@polytask/experts', options: {}, bankable: false },
);
