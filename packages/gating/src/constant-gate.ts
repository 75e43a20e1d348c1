import * as tf from '@tensorflow/tfjs';
import { checks, defineGate, fail, type GateBuilder, type GateConfig, type Initializer } from '@polytask/core';

const { listOf, number, oneOf, optional } = checks;
const names = oneOf('native-uniform', 'near-identity', 'linear', 'even');
const matrix = listOf(listOf(number('a number', () => true)), 1);

export interface ConstantGateConfig extends GateConfig {
  /**
   * How the weights start; m is how many experts the unit sees:
   * - `native-uniform`: U(±1/√m), AdaTT's native weights, the default;
   * - `near-identity`: `self` shared evenly by the unit's own experts, 1 − `self` by the others that it sees:
   *   cross-stitch as in its paper;
   * - `linear`: U(±1/√experts), experts being all of the level: cross-stitch as in the authors' AdaTT library, where it
   *   is PyTorch's `nn.Linear`;
   * - `even`: 1/m each;
   * - a matrix, unit × expert, in the order of the level's outputs and experts (sluice networks).
   */
  init?: 'native-uniform' | 'near-identity' | 'linear' | 'even' | readonly (readonly number[])[];
  /** For `near-identity`. Default 0.9. */
  self?: number;
}

/**
 * Learned weights that don't depend on the input: W_u,e = w_u,e where the unit sees the expert, 0 elsewhere (AdaTT, v of
 * eq. 8 over native experts; cross-stitch, α of eq. 1). Nothing bounds them: they can be negative and needn't sum to 1.
 *
 * @returns [units, 1, experts]
 * @throws PolytaskError when an option is unknown or unfit
 * @example constantGate({ sees: 'own', init: 'native-uniform' })
 */
export const constantGate = defineGate<ConstantGateConfig>(
  'constant',
  (builder, { init = 'native-uniform', self = 0.9 }) => {
    const start = typeof init === 'string' ? starts(builder, self)[init] : given(builder, init);
    const weights = builder.overExperts.bias('weights', builder.experts, start);
    // an unseen expert's weight starts at 0, and the mask keeps its gradient at 0 as well
    return { reads: 'nothing', apply: () => tf.mul(weights, builder.mask) };
  },
  {
    description: 'learned weights that do not depend on the input',
    paper: 'Misra et al., CVPR 2016, eq. 1; Li et al., KDD 2023, eq. 8',
    package: '@polytask/gating',
    options: {
      init: optional((value, where) => (Array.isArray(value) ? matrix : names)(value, where)),
      self: optional(number('a number', () => true)),
    },
  },
);

/** A start that is spelled out. */
function given({ visible, experts }: GateBuilder, init: readonly (readonly number[])[]): Initializer {
  if (init.length !== visible.length || init.some((row) => row.length !== experts)) {
    fail({
      expected: `a matrix of ${visible.length} units × ${experts} experts to start from`,
      received: `${init.length} × ${[...new Set(init.map((row) => row.length))].join(' and ')}`,
      mend: "Rows are the level's outputs, columns its experts.",
    });
  }
  return (_, __, unit) => Float32Array.from(init[unit]!);
}

/** The starts, of one unit (`member` of the bank) each: [experts]. What it doesn't see stays 0 whatever they say. */
function starts({ visible, native, experts }: GateBuilder, self: number): Record<string, Initializer> {
  const row = (weight: (expert: number) => number) => Float32Array.from({ length: experts }, (_, e) => weight(e));
  const seen = (unit: number) => visible[unit]!.filter(Boolean).length;
  const own = (unit: number) => visible[unit]!.filter((sees, e) => sees && native[unit]![e]).length;
  const within = (limit: number, random: Parameters<Initializer>[1]) => random.uniform(experts, -limit, limit);

  return {
    'native-uniform': (_, random, unit) => within(1 / Math.sqrt(Math.max(1, seen(unit))), random),
    linear: (_, random) => within(1 / Math.sqrt(experts), random),
    even: (_, __, unit) => row(() => 1 / seen(unit)),
    'near-identity': (_, __, unit) => {
      const others = seen(unit) - own(unit);
      const toOwn = others === 0 ? 1 : self; // a unit with nobody to take from, or nothing of its own, gives all
      const toOthers = own(unit) === 0 ? 1 : 1 - self;
      return row((e) => (native[unit]![e] ? toOwn / own(unit) : toOthers / others));
    },
  };
}
