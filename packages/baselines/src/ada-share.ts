import {
  component,
  notNegative,
  optional,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { fusion, ownUnits, sumGate, tiedExperts, type NetworkSpec } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { identityGate, selectGate } from '@polytask/gating';
import { defineNetwork, relaxedChoice, sharedLevel } from './levels.ts';

const options = {
  /** The expert that maps the input to the width of the blocks, shared by all tasks. */
  encoder: component('expert'),
  /** The expert F of a block. Its output is as wide as its input. */
  experts: component('expert'),
  /** The number of blocks. */
  blocks: optional(wholeNumber(1), 4),
  /** Weight of the sparsity loss. */
  sparsity: optional(notNegative, 0.05),
  /** Weight of the sharing loss. The lowest block has the largest share of it. */
  sharing: optional(notNegative, 0.05),
  ...relaxedChoice,
};

export interface AdaShareOptions extends Written<typeof options>, FromDescription {}

/**
 * AdaShare on residual blocks (Sun et al., NeurIPS'20): y_t^{l+1} = y_t^l + u_t,l F_l(y_t^l). All tasks share the blocks F.
 * Each task has its own select-or-skip gate u at each block. u is a relaxed choice in training, and 0 or 1 otherwise.
 *
 * @throws PolytaskError when a number is invalid, or an option is unknown
 * @throws PolytaskError, when the model is built, if the output and the input of a block differ in width
 * @example adaShare({ encoder: mlp([64]), experts: mlp([64]), blocks: 4 })
 */
export const adaShare: (config: AdaShareOptions) => NetworkSpec = defineNetwork(
  'ada-share',
  ({ encoder, experts, blocks, sparsity, sharing, temperature, decay }, tasks) => {
    const sees = (index: number) =>
      tasks.map((_, t) =>
        tasks.flatMap((__, other) => [0, 1].map((e) => (other === t && e === index ? 1 : 0) as 0 | 1)),
      );
    return fusion([
      sharedLevel(encoder, tasks),
      ...Array.from({ length: blocks }, (_, l) => ({
        units: ownUnits(tasks, 2), // the block, and past it
        experts: [experts, passExpert()],
        tied: tiedExperts(`blocks.${l}`),
        outputs: tasks,
        gate: sumGate(
          selectGate({
            sees: sees(0),
            sparsity: sparsity / blocks,
            sharing: (sharing * (blocks - l)) / blocks ** 2,
            temperature,
            decay,
          }),
          identityGate({ sees: sees(1) }),
        ),
      })),
    ]);
  },
  {
    description: 'residual blocks that each task selects or skips; all of the first width',
    paper: 'Sun et al., NeurIPS 2020',
    variant: {
      useWhen: "each task should skip the blocks of one network that don't help it",
      onlyNamed: true,
      config: ({ expert, widths }) => ({
        encoder: expert([widths[0]!]),
        experts: expert([widths[0]!]),
        blocks: 2 * widths.length,
      }),
    },
    options,
  },
);
