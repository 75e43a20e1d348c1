import { component, listOf } from '@polytask/components';
import { defineExpert, isBankable, createExpert, type ExpertSpec } from '@polytask/core';
import { crossNetwork } from './cross-network.ts';
import { linearExpert } from './linear-expert.ts';
import { tokenMixing } from './token-mixing.ts';

const options = {
  /** The experts in their order. Each reads the output of the one before. */
  experts: listOf(component('expert'), 1),
};

/** The largest number of tokens up to 4 that divides the width. */
const tokensOf = (width: number) => [4, 3, 2, 1].find((tokens) => width % tokens === 0)!;

const sequentialExpert = defineExpert(
  'sequential',
  (builder, { experts }) => {
    let { inputDim } = builder;
    const parts = experts.map((spec, i) => {
      const part = createExpert(builder.child(String(i)), spec, inputDim);
      inputDim = part.outputDim;
      return part;
    });
    return { outputDim: inputDim, apply: (x, call) => parts.reduce((h, part) => part.apply(h, call), x) };
  },
  {
    description: 'experts one after the other',
    package: '@polytask/experts',
    variants: {
      'cross-network': {
        description: 'products of features, one order more a layer, then an affine map',
        paper: 'Wang et al., WWW 2021, eq. 1',
        layer: (units) => ({ experts: [crossNetwork(), linearExpert({ units })] }),
      },
      'gated-cross-network': {
        description: 'products of features that gates weigh, one order more a layer, then an affine map',
        paper: 'Wang et al., CIKM 2023',
        layer: (units) => ({ experts: [crossNetwork({ gated: true }), linearExpert({ units })] }),
      },
      'token-mixing': {
        description: 'an affine map, then up to 4 tokens that exchange parts',
        paper: 'Zhu et al., CIKM 2025, eq. 1',
        layer: (units) => ({ experts: [linearExpert({ units }), tokenMixing({ tokens: tokensOf(units), units })] }),
      },
    },
    options,
    bankable: ({ experts }) => experts.every(isBankable),
  },
);

/**
 * Experts one after the other, as one expert: [batch, inputDim] → [batch, width of the last].
 *
 * @throws PolytaskError when there is no expert, or an argument is none
 * @example sequential(crossNetwork({ layers: 2 }), mlp([64]))
 */
export const sequential = (...experts: readonly ExpertSpec[]): ExpertSpec => sequentialExpert({ experts });
