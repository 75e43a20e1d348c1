import { flag, listOf, optional, shaped, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, poolUnits, type NetworkSpec } from '@polytask/core';
import { gumbelGate } from '@polytask/gating';
import { defineNetwork, expertLevel, relaxedChoice } from './levels.ts';

const level = {
  ...expertLevel,
  /** The number of nodes of the level, which is the most branches that it can have; 1 or more. */
  nodes: wholeNumber(1),
};

const options = {
  /** The levels, from the input up; one or more. */
  levels: listOf(shaped(level), 1),
  ...relaxedChoice,
  /** True: training also uses a single parent, with straight-through gradients. False: a mixture. */
  hard: optional(flag, false),
};

export interface LearnedBranchingOptions extends Written<typeof options>, FromDescription {}

/**
 * Learning to branch (Guo, Lee, Ulbricht, ICML'20): a learned tree. Each node of a level has one parent in the level below,
 * and each task has one parent in the last level. In training the parent is drawn by Gumbel-softmax. Otherwise it is the
 * most likely one.
 *
 * @example
 * learnedBranching({
 *   levels: [{ experts: mlp([64]), nodes: 1 }, { experts: mlp([32]), nodes: 3 }],
 *   temperature: 5,
 *   decay: 0.999,
 * })
 */
export const learnedBranching: (config: LearnedBranchingOptions) => NetworkSpec = defineNetwork(
  'learned-branching',
  ({ levels, temperature, decay, hard }, tasks) =>
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
    also: ['ltb'],
    description:
      'a tree of layers that is learned: each node draws its parent by Gumbel-softmax, and takes the likeliest at the end',
    paper: 'Guo et al., ICML 2020',
    variant: {
      useWhen: 'the tasks should form a tree, and training should find it',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size, { nodes: size.tasks.length }), temperature: 2, decay: 0.998 }),
    },
    options,
  },
);
