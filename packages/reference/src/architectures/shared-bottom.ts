import { sharedBottom as sharedBottomNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { mlpLayers } from '../pairing.ts';
import type { Architecture } from './architecture.ts';

/** `SharedBottom`. The layers of all levels are one MLP. */
export const sharedBottom: Architecture = {
  network: ({ levels }) => sharedBottomNetwork({ levels: levels.map((units) => ({ experts: mlp(units) })) }),

  pairings({ inputDim, levels }) {
    const paths = levels.flatMap((units, l) => units.map((_, d) => `levels.${l}.experts.${d}`));
    return mlpLayers('mtl_arch.bottom_projection', (layer) => paths[layer]!, 0, inputDim, levels.flat());
  },
};
