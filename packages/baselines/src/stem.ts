import {
  checks,
  defineNetwork,
  fusion,
  ownUnits,
  seeing,
  SHARED,
  sharedUnit,
  type Options,
  type PerTask,
  levelsOf,
  withShared,
} from '@polytask/core';
import { checkPerTask } from '@polytask/core/internal';
import { softmaxGate } from '@polytask/gating';
import { gatedLevel, type GatedLevel } from './levels.ts';

const { listOf, optional, shaped, wholeNumber } = checks;

/** A level of {@link stemNetwork}. */
export interface StemLevel extends GatedLevel {
  /** Native experts per task: one number, a list in the order of the tasks, or an object by task. Default 1. */
  perTask?: PerTask;
  /** The number of shared experts, 1 or more. Default 1. */
  shared?: number;
}

/** The configuration of {@link stemNetwork}. */
export interface StemOptions {
  /** The levels, from the input up; one or more. */
  levels: readonly StemLevel[];
}

const level: Options<StemLevel> = { ...gatedLevel, perTask: optional(checkPerTask), shared: optional(wholeNumber(1)) };

/**
 * STEM (Su et al., AAAI'24). There are shared embeddings, and each task has its own embeddings, which its experts read. The
 * gate of a task uses all experts. The loss of a task trains only its own and the shared experts and embeddings (all
 * forward, task-specific backward).
 *
 * @throws PolytaskError when there is no level, a count is invalid, or an option is unknown
 * @example stemNetwork({ levels: [{ experts: mlp([128, 64]), perTask: 1, shared: 1 }] })
 */
export const stemNetwork = defineNetwork<StemOptions>(
  'stem',
  ({ levels }, tasks) =>
    fusion(
      levels.map(({ experts, perTask = 1, shared = 1, gate = softmaxGate() }, l) => ({
        units: [...ownUnits(tasks, perTask), ...sharedUnit(shared)],
        experts,
        outputs: l === levels.length - 1 ? tasks : [...tasks, SHARED],
        gate: seeing('all', gate),
        trains: 'own+shared' as const,
      })),
      { inputs: 'own' },
    ),
  {
    description:
      "embeddings of each task's own next to shared ones; gates over all experts, of which a task trains its own and the shared",
    paper: 'Su et al., AAAI 2024',
    package: '@polytask/baselines',
    variants: {
      stem: {
        useWhen: 'ids carry most of the information, and they mean different things to different tasks',
        onlyNamed: true,
        config: (size) => ({ levels: levelsOf(size, withShared(size)) }),
      },
    },
    options: { levels: listOf(shaped(level), 1) },
  },
);
