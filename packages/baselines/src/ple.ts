import { listOf, optional, shaped, wholeNumber, type FromDescription, type Written } from '@polytask/components';
import {
  fusion,
  gateOf,
  levelsOf,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  withShared,
  perTaskCounts,
  type NetworkSpec,
} from '@polytask/core';
import { softmaxGate } from '@polytask/gating';
import { defineNetwork, gatedLevel } from './levels.ts';

const level = {
  ...gatedLevel,
  /** Native experts per task: one number, a list in the order of the tasks, or an object by task. */
  perTask: optional(perTaskCounts, 1),
  /** The number of shared experts. With 0, each task uses only its own experts. */
  shared: optional(wholeNumber(), 1),
};

const options = {
  /** The levels, from the input up; one or more. */
  levels: listOf(shaped(level), 1),
};

export interface PleLevel extends Written<typeof level>, FromDescription {}

export interface PleOptions extends Written<typeof options>, FromDescription {}

/**
 * PLE (Tang et al., RecSys'20, section 4.2): each task has a softmax gate over its own and the shared experts. The shared
 * unit has a gate over all experts, up to the last level with shared experts. The last level outputs the tasks' lanes alone.
 *
 * @throws PolytaskError when there is no level, a count is not a whole number, or an option is unknown
 * @throws PolytaskError, when the model is built, if `perTask` doesn't fit the tasks, or a task sees no expert
 * @example
 * ple({
 *   levels: [
 *     { experts: mlp([128]), perTask: 2, shared: 1 },
 *     { experts: mlp([64]), perTask: 2, shared: 1 },
 *   ],
 * })
 */
export const ple: (config: PleOptions) => NetworkSpec = defineNetwork(
  'ple',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, perTask, shared, gate = softmaxGate() }, l) => ({
        units: [...ownUnits(tasks, perTask), ...sharedUnit(shared)],
        experts,
        outputs: levels.slice(l + 1).some((later) => later.shared > 0) ? [...tasks, SHARED] : tasks,
        gate: seeing('own+shared', gate),
      })),
    ),
  {
    description: 'CGC in levels: gates over own and shared experts, the shared lane sees all',
    paper: 'Tang et al., RecSys 2020',
    variants: {
      cgc: {
        description: "one level of a task's own and shared deep experts, gated",
        useWhen: 'tasks conflict, each needs experts that no other task uses, and one level is enough',
        config: (size) => ({
          levels: [{ experts: size.expert(size.widths), ...withShared(size), ...gateOf(size, 'unit') }],
        }),
      },
      ple: {
        useWhen: 'tasks conflict, each needs experts that no other task uses, and the model has two or more levels',
        config: (size) => ({ levels: levelsOf(size, withShared(size), 'unit') }),
      },
    },
    options,
  },
);

/**
 * CGC (Tang et al., RecSys'20, section 4.1): PLE with one level. Models save it as PLE.
 *
 * @throws PolytaskError as {@link ple} does
 * @example cgc({ experts: mlp([128, 64]), perTask: 2, shared: 1 })
 */
export const cgc = (level: PleLevel): NetworkSpec => ple({ levels: [level] });

const stemOptions = {
  /** The levels, from the input up; one or more. */
  levels: listOf(
    shaped({
      ...level,
      /** The number of shared experts, 1 or more. */
      shared: optional(wholeNumber(1), 1),
    }),
    1,
  ),
};

export interface StemOptions extends Written<typeof stemOptions>, FromDescription {}

/**
 * STEM (Su et al., AAAI'24). There are shared embeddings, and each task has its own embeddings, which its experts read. The
 * gate of a task uses all experts. The loss of a task trains only its own and the shared experts and embeddings (all
 * forward, task-specific backward).
 *
 * @throws PolytaskError when there is no level, a count is invalid, or an option is unknown
 * @example stem({ levels: [{ experts: mlp([128, 64]), perTask: 1, shared: 1 }] })
 */
export const stem: (config: StemOptions) => NetworkSpec = defineNetwork(
  'stem',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, perTask, shared, gate = softmaxGate() }, l) => ({
        units: [...ownUnits(tasks, perTask), ...sharedUnit(shared)],
        experts,
        outputs: l === levels.length - 1 ? tasks : [...tasks, SHARED],
        gate: seeing('all', gate),
        trains: 'own+shared' as const,
      })),
      { inputs: 'own' },
    ),
  {
    traits: { estimated: true },
    description:
      "embeddings of each task's own next to shared ones; gates over all experts, of which a task trains its own and the shared",
    paper: 'Su et al., AAAI 2024',
    variant: {
      useWhen: 'ids carry most of the information, and they mean different things to different tasks',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size, withShared(size)) }),
    },
    options: stemOptions,
  },
);
