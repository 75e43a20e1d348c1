import { checks, createExpert, defineExpert, isBankable, type ExpertSpec } from '@polytask/core';
import { crossNetwork } from './cross-network.ts';
import { linearExpert } from './linear-expert.ts';

export interface SequenceConfig {
  /** The experts in their order. Each reads what the one before gives. */
  readonly experts: readonly ExpertSpec[];
}

const sequenceExpert = defineExpert<SequenceConfig>(
  'sequence',
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
    },
    options: { experts: checks.listOf(checks.component('expert'), 1) },
    bankable: ({ experts }) => experts.every(isBankable),
  },
);

/**
 * Experts one after the other, as one expert: [batch, inputDim] → [batch, width of the last]. They run as a bank, so each
 * of them must be able to (all but `layerExpert`).
 *
 * @throws PolytaskError when there is no expert, or an argument is none
 * @example sequence(crossNetwork({ layers: 2 }), mlp([64]))
 */
export const sequence = (...experts: readonly ExpertSpec[]): ExpertSpec<SequenceConfig> => sequenceExpert({ experts });
