import {
  checks,
  defineNetwork,
  fusion,
  ownUnits,
  sharedUnit,
  sumGate,
  tiedExperts,
  type ExpertSpec,
} from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { identityGate, selectGate } from '@polytask/gating';

const { component, number, optional, wholeNumber } = checks;
const weight = number('a weight of 0 or more', (value) => value >= 0);

/** The configuration of {@link adaShare}. */
export interface AdaShareOptions {
  /** The expert that maps the input to the width of the blocks, shared by all tasks. */
  encoder: ExpertSpec;
  /** The expert F of a block. Its output is as wide as its input. */
  experts: ExpertSpec;
  /** The number of blocks. Default 4. */
  blocks?: number;
  /** Weight of the sparsity loss. Default 0.05. */
  sparsity?: number;
  /** Weight of the sharing loss. The lowest block has the largest share of it. Default 0.05. */
  sharing?: number;
  /** Temperature of the relaxed choice in training. Default 1. */
  temperature?: number;
  /** The factor by which the temperature is multiplied at each step, down to 0.1. Default 1. */
  decay?: number;
}

/**
 * AdaShare on residual blocks (Sun et al., NeurIPS'20): y_t^{l+1} = y_t^l + u_t,l F_l(y_t^l). All tasks share the blocks F.
 * Each task has its own select-or-skip gate u at each block. u is a relaxed choice in training, and 0 or 1 otherwise.
 *
 * @throws PolytaskError when a number is invalid, or an option is unknown
 * @throws PolytaskError, when the model is built, if the output and the input of a block differ in width
 * @example adaShare({ encoder: mlp([64]), experts: mlp([64]), blocks: 4 })
 */
export const adaShare = defineNetwork<AdaShareOptions>(
  'ada-share',
  ({ encoder, experts, blocks = 4, sparsity = 0.05, sharing = 0.05, temperature = 1, decay = 1 }, tasks) => {
    const sees = (index: number) =>
      tasks.map((_, t) =>
        tasks.flatMap((__, other) => [0, 1].map((e) => (other === t && e === index ? 1 : 0) as 0 | 1)),
      );
    return fusion([
      { units: sharedUnit(1), experts: encoder, outputs: tasks, gate: identityGate({ sees: 'all' }) },
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
    package: '@polytask/baselines',
    variants: {
      'ada-share': {
        useWhen: "each task should skip the blocks of one network that don't help it",
        onlyNamed: true,
        config: ({ expert, widths }) => ({
          encoder: expert([widths[0]!]),
          experts: expert([widths[0]!]),
          blocks: 2 * widths.length,
        }),
      },
    },
    options: {
      encoder: component('expert'),
      experts: component('expert'),
      blocks: optional(wholeNumber(1)),
      sparsity: optional(weight),
      sharing: optional(weight),
      temperature: optional(number('a temperature above 0', (value) => value > 0)),
      decay: optional(number('a factor in (0, 1]', (value) => value > 0 && value <= 1)),
    },
  },
);
