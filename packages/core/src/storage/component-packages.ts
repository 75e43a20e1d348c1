import type { ComponentKind } from '../specs/registry.ts';

/**
 * The packages of this family that define components, by name. Core imports none of them; it knows their names for the
 * error of a model that is loaded without them. A test of the bench, which imports all, holds this table against them.
 */
const PACKAGES: Readonly<Record<string, Readonly<Partial<Record<ComponentKind, readonly string[]>>>>> = {
  '@polytask/experts': {
    expert: [
      'cross-network',
      'factorisation-machine',
      'field-attention',
      'gated',
      'linear',
      'mlp',
      'pass',
      'residual-mlp',
      'tf-layer',
    ],
  },
  '@polytask/gating': {
    gate: [
      'attention',
      'constant',
      'dselect-k',
      'entmax',
      'gumbel',
      'hard-concrete',
      'identity',
      'mask',
      'noisy-top-k',
      'select',
      'sigmoid',
      'softmax',
    ],
  },
  '@polytask/adatt': { network: ['adatt'] },
  '@polytask/baselines': {
    network: [
      'ada-share',
      'aitm',
      'branched',
      'cross-stitch',
      'esmm',
      'home',
      'learned-branching',
      'mmoe',
      'mtan',
      'no-fusion',
      'omoe',
      'pepnet',
      'ple',
      'relationship-network',
      'shared-bottom',
      'single-task',
      'sluice',
      'snr-aver',
      'snr-trans',
      'soft-ordering',
      'stem',
      'uber-net',
    ],
    penalty: ['orthogonality', 'tensor-normal'],
  },
  '@polytask/reference': { network: ['adatt-idle-shared-gate'] },
};

/**
 * The package of this family that defines a component; undefined for one of core's own, or of somebody else's.
 *
 * @example packageOf('expert', 'mlp') // '@polytask/experts'
 */
export const packageOf = (kind: ComponentKind, name: string): string | undefined =>
  Object.keys(PACKAGES).find((each) => PACKAGES[each]![kind]?.includes(name));
