import * as tf from '@tensorflow/tfjs';
import { defineGate, fail, suggestion, type GateConfig, type Initializer } from '@polytask/core';

export interface ConstantGateConfig extends GateConfig {
  /**
   * How the weights start:
   * - `native-uniform`: U(±1/√m), m the experts that the unit sees: AdaTT's native weights;
   * - `near-identity`: `self` over the unit's own experts, the rest over the others: cross-stitch as in its paper;
   * - `linear`: U(±1/√experts): cross-stitch as in the authors' library, PyTorch's `nn.Linear`;
   * - `even`: 1/m each.
   */
  init?: 'native-uniform' | 'near-identity' | 'linear' | 'even';
  /** For `near-identity`. Default 0.9. */
  self?: number;
}

const INITS = ['native-uniform', 'near-identity', 'linear', 'even'];

/**
 * Learned weights that don't depend on the input: W_u,e = w_u,e where the unit sees the expert (AdaTT, v of eq. 7 over
 * native experts; cross-stitch, α of eq. 1).
 *
 * @returns [units, 1, experts]
 * @example constantGate({ sees: 'own', init: 'native-uniform' })
 */
export const constantGate = defineGate<ConstantGateConfig>('constant', (builder, config) => {
  const { init = 'native-uniform', self = 0.9 } = config;
  const { visible, native, experts, overExperts } = builder;
  if (!INITS.includes(init)) {
    fail({ expected: 'a start for the constant gate', received: `"${init}"`, mend: suggestion(init, INITS) });
  }
  const start = (unit: number): Initializer => {
    const own = visible[unit]!.filter((seen, e) => seen && native[unit]![e]).length;
    const seen = visible[unit]!.filter(Boolean).length;
    return (_, random) => {
      if (init === 'native-uniform') return random.uniform(experts, -1 / Math.sqrt(seen || 1), 1 / Math.sqrt(seen || 1));
      if (init === 'linear') return random.uniform(experts, -1 / Math.sqrt(experts), 1 / Math.sqrt(experts));
      if (init === 'even') return new Float32Array(experts).fill(1 / seen);
      const others = seen - own;
      return Float32Array.from({ length: experts }, (_, e) =>
        native[unit]![e] ? (others === 0 ? 1 : self) / own : (own === 0 ? 1 : 1 - self) / others,
      );
    };
  };
  const weights = overExperts.bias('weights', experts, (shape, random, unit) => start(unit)(shape, random, unit));
  return { reads: 'nothing', apply: () => tf.mul(weights, 1) };
});
