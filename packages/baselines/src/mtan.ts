import { optional, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, SHARED, type NetworkSpec, type Unit } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { identityGate, maskGate } from '@polytask/gating';
import { defineNetwork, expertLevels } from './levels.ts';

const options = {
  /** The layers that all tasks share, from the input up; one or more. */
  levels: expertLevels.levels,
  /** Width of the hidden layer of the masks. */
  hidden: optional(wholeNumber(1), 32),
};

export interface MtanOptions extends Written<typeof options>, FromDescription {}

/**
 * MTAN for tables (Liu, Johns, Davison, CVPR'19, eq. 1 and 2): a_t^l = m_t^l ⊙ p^l. p^l is the output of the shared layer l.
 * m_t^l = σ(relu([u^l ; a_t^{l−1}] W + b) V + c) is a weight for each feature. It depends on the layer's input u^l and on
 * the task's features at the level below; at the first level it depends on u^l alone.
 *
 * @example mtan({ levels: [{ experts: mlp([128]) }, { experts: mlp([64]) }], hidden: 32 })
 */
export const mtan: (config: MtanOptions) => NetworkSpec = defineNetwork(
  'mtan',
  ({ levels, hidden }, tasks) =>
    fusion(
      levels.flatMap(({ experts }, l) => {
        const [input, output] = [l === 0 ? SHARED : `trunk.${l - 1}`, `trunk.${l}`];
        const trunk: Unit = { name: output, kind: 'shared', experts: 1, reads: [input] };
        const reads = (task: string) => (l === 0 ? [input] : [input, task]);
        return [
          {
            units: [trunk],
            experts,
            outputs: [output],
            keeps: l === 0 ? [input] : [input, ...tasks],
            gate: identityGate({ sees: 'all' }),
          },
          {
            units: [{ ...trunk, reads: [output] }],
            experts: passExpert(),
            outputs: tasks,
            keeps: l === levels.length - 1 ? [] : [output],
            gateReads: Object.fromEntries(tasks.map((task) => [task, reads(task)])),
            gate: maskGate({ sees: 'all', hidden: [hidden] }),
          },
        ];
      }),
    ),
  {
    description: 'layers that all tasks share under masks of their own, a weight for each feature',
    paper: 'Liu et al., CVPR 2019',
    variant: {
      useWhen: 'one deep trunk serves all tasks, and each task should choose among its features',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size) }),
    },
    options,
  },
);
