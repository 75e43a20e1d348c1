import { checks, defineNetwork, fusion, poolUnits, type Options, levelsOf } from '@polytask/core';
import { gumbelGate } from '@polytask/gating';
import { expertLevel, type ExpertLevel } from './levels.ts';

const { flag, listOf, number, optional, shaped, wholeNumber } = checks;

/** A level of {@link learnedBranching}. */
export interface BranchingLevel extends ExpertLevel {
  /** The number of nodes of the level, which is the most branches that it can have; 1 or more. */
  nodes: number;
}

/** The configuration of {@link learnedBranching}. */
export interface LearnedBranchingOptions {
  /** The levels, from the input up; one or more. */
  levels: readonly BranchingLevel[];
  /** Temperature of the relaxed choice in training. Default 1. */
  temperature?: number;
  /** The factor by which the temperature is multiplied at each step, down to 0.1. Default 1. */
  decay?: number;
  /** True: training also uses a single parent, with straight-through gradients. Default false: a mixture. */
  hard?: boolean;
}

const level: Options<BranchingLevel> = { ...expertLevel, nodes: wholeNumber(1) };

/**
 * Learning to branch (Guo, Lee, Ulbricht, ICML'20): a learned tree. Each node of a level has one parent in the level below,
 * and each task has one parent in the last level. In training the parent is drawn by Gumbel-softmax. Otherwise it is the
 * most likely one.
 *
 * @throws PolytaskError when there is no level, or an option is unknown or invalid
 * @example
 * learnedBranching({
 *   levels: [{ experts: mlp([64]), nodes: 1 }, { experts: mlp([32]), nodes: 3 }],
 *   temperature: 5,
 *   decay: 0.999,
 * })
 */
export const learnedBranching = defineNetwork<LearnedBranchingOptions>(
  'learned-branching',
  ({ levels, temperature = 1, decay = 1, hard = false }, tasks) =>
    fusion(
      levels.map(({ experts, nodes }, l) => {
        const next = levels[l + 1];
        return {
          units: poolUnits(nodes),
          experts,
          outputs: next ? poolUnits(next.nodes).map(({ name }) => name) : tasks,
          gate: gumbelGate({ sees: 'all', reads: 'nothing', temperature, decay, hard }),
        };
      }),
    ),
  {
    description:
      'a tree of layers that is learned: each node draws its parent by Gumbel-softmax, and takes the likeliest at the end',
    paper: 'Guo et al., ICML 2020',
    package: '@polytask/baselines',
    variants: {
      'learned-branching': {
        useWhen: 'the tasks should form a tree, and training should find it',
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size, { nodes: size.tasks.length }), temperature: 2, decay: 0.998 }),
      },
    },
    options: {
      levels: listOf(shaped(level), 1),
      temperature: optional(number('a temperature above 0', (value) => value > 0)),
      decay: optional(number('a factor in (0, 1]', (value) => value > 0 && value <= 1)),
      hard: optional(flag),
    },
  },
);
