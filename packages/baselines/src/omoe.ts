import { checks, defineNetwork, fusion, poolUnits, SHARED, sharedUnit, type Options, gateOf } from '@polytask/core';
import { passExpert } from '@polytask/experts';
import { identityGate, seeing, softmaxGate } from '@polytask/gating';
import { gatedLevel, type GatedLevel } from './levels.ts';

/** A level of {@link omoe}. */
export interface OmoeLevel extends GatedLevel {
  /** The number of experts in the pool, 1 or more. */
  pool: number;
}

/** The configuration of {@link omoe}. */
export interface OmoeOptions {
  /** The levels, from the input up; one or more. */
  levels: readonly OmoeLevel[];
}

const level: Options<OmoeLevel> = { ...gatedLevel, pool: checks.wholeNumber(1) };

/**
 * OMoE, one-gate mixture of experts (Jacobs et al. 1991; Ma et al., KDD'18, eq. 5): f = Σ_e g_e(x) E_e(x). All tasks share
 * one gate on the network's input.
 *
 * @throws PolytaskError when there is no level, a pool is not a positive whole number, or an option is unknown
 * @example omoe({ levels: [{ experts: mlp([128, 64]), pool: 6 }] })
 */
export const omoe = defineNetwork<OmoeOptions>(
  'omoe',
  ({ levels }, tasks) =>
    fusion([
      ...levels.map(({ experts, pool, gate = softmaxGate({ reads: 'raw' }) }) => ({
        units: poolUnits(pool).map((unit) => ({ ...unit, reads: [SHARED] })),
        experts,
        outputs: [SHARED],
        gate: seeing('all', gate),
      })),
      { units: sharedUnit(1), experts: passExpert(), outputs: tasks, gate: identityGate({ sees: 'all' }) },
    ]),
  {
    description: 'a pool of deep experts, one gate for all tasks',
    paper: 'Ma et al., KDD 2018, eq. 5',
    package: '@polytask/baselines',
    variants: {
      omoe: {
        useWhen: 'you want to know what a gate for each task is worth: it is MMoE with one gate',
        onlyNamed: true,
        config: (size) => ({
          levels: [{ experts: size.expert(size.widths), pool: size.experts, ...gateOf(size, 'raw') }],
        }),
      },
    },
    options: { levels: checks.listOf(checks.shaped(level), 1) },
  },
);
