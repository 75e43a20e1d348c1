import * as tf from '@tensorflow/tfjs-core';
import { either, listOf, number, oneOf, optional, type Written } from '@polytask/components';
import { defineGate, fail, type GateBuilder, type GateOptions, type GateSpec, type Initializer } from '@polytask/core';

const options = {
  /**
   * The initial weights, where m is the number of experts that the unit sees:
   * - `native-uniform`: U(±1/√m), AdaTT's native weights;
   * - `near-identity`: `self` divided evenly among the unit's own experts, and 1 − `self` among the other visible experts
   *   (cross-stitch, as in its paper);
   * - `linear`: U(±1/√experts), with all experts of the level (cross-stitch in the AdaTT authors' library, which uses
   *   PyTorch's `nn.Linear`);
   * - `even`: 1/m for each expert;
   * - a matrix, unit × expert, in the order of the level's outputs and experts (sluice networks).
   */
  start: optional(
    either(oneOf('native-uniform', 'near-identity', 'linear', 'even'), listOf(listOf(number()), 1)),
    'native-uniform',
  ),
  /** The sum of a unit's weights for its own experts with `near-identity`. */
  self: optional(number(), 0.9),
};

export interface ConstantGateOptions extends Written<typeof options>, GateOptions {}

/**
 * Constant gate: learned weights that don't depend on the input. W_u,e = w_u,e where the unit sees the expert, 0 elsewhere
 * (AdaTT, v of eq. 8 over native experts; cross-stitch, α of eq. 1). Weights may be negative and need not sum to 1.
 *
 * @returns weights [units, 1, experts]
 * @throws PolytaskError when an option is unknown or invalid; when the model is built, if a matrix has another shape
 * @example constantGate({ sees: 'own', start: 'native-uniform' })
 */
export const constantGate: (config?: ConstantGateOptions) => GateSpec = defineGate(
  'constant',
  (builder, { start, self }) => {
    const first = typeof start === 'string' ? namedStarts(builder, self)[start] : matrixStart(builder, start);
    const weights = builder.overExperts.bias('weights', builder.experts, first);
    // the weight of an expert that a unit doesn't see starts at 0; the mask sets its gradient to 0
    return { reads: 'nothing', apply: () => tf.mul(weights, builder.mask) };
  },
  {
    traits: ({ start }: { start: unknown }) => ({ fixedStart: start !== 'native-uniform' && start !== 'linear' }),
    description: 'learned weights, the same for all rows',
    paper: 'Misra et al., CVPR 2016, eq. 1; Li et al., KDD 2023, eq. 8',
    package: '@polytask/gating',
    variant: { config: () => ({ start: 'even' as const }) },
    options,
  },
);

function matrixStart({ visible, experts }: GateBuilder, init: readonly (readonly number[])[]): Initializer {
  if (init.length !== visible.length || init.some((row) => row.length !== experts)) {
    fail({
      expected: `a matrix of ${visible.length} units × ${experts} experts to start from`,
      received: `${init.length} × ${[...new Set(init.map((row) => row.length))].join(' and ')}`,
      fix: "Rows are the level's outputs, columns its experts.",
    });
  }
  return (_, __, unit) => Float32Array.from(init[unit]!);
}

/** The initializers by name, for one unit each, [experts]. The scope sets the weights of invisible experts to 0. */
function namedStarts({ visible, native, experts }: GateBuilder, self: number): Record<string, Initializer> {
  const row = (weight: (expert: number) => number) => Float32Array.from({ length: experts }, (_, e) => weight(e));
  const visibleCount = (unit: number) => visible[unit]!.filter(Boolean).length;
  const ownCount = (unit: number) => visible[unit]!.filter((sees, e) => sees && native[unit]![e]).length;
  const within = (limit: number, random: Parameters<Initializer>[1]) => random.uniform(experts, -limit, limit);

  return {
    'native-uniform': (_, random, unit) => within(1 / Math.sqrt(Math.max(1, visibleCount(unit))), random),
    linear: (_, random) => within(1 / Math.sqrt(experts), random),
    even: (_, __, unit) => row(() => 1 / visibleCount(unit)),
    'near-identity': (_, __, unit) => {
      const others = visibleCount(unit) - ownCount(unit);
      const toOwn = others === 0 ? 1 : self; // without other experts, or without own experts, the rest gets weight 1
      const toOthers = ownCount(unit) === 0 ? 1 : 1 - self;
      return row((e) => (native[unit]![e] ? toOwn / ownCount(unit) : toOthers / others));
    },
  };
}
