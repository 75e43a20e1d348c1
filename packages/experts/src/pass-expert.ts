import { defineExpert } from '@polytask/core';

/**
 * The identity: [batch, inputDim] → the same tensor. A level of these experts only mixes lanes (AdaShare's skip, sluice networks, MTAN).
 *
 * @throws PolytaskError when it gets an option
 * @example fusion([{ units: ownUnits(tasks), experts: passExpert(), outputs: tasks, gate: softmaxGate() }])
 */
export const passExpert = defineExpert('pass', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => x }), {
  description: 'its input, unchanged',
  package: '@polytask/experts',
  bankable: false,
});
