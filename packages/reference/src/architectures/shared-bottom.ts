import { sharedBottom as sharedBottomNetwork } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { linear } from '../pairing.ts';
import type { Architecture } from './architecture.ts';

/** `SharedBottom`: the layers of all levels are one MLP. */
export const sharedBottom: Architecture = {
  network: ({ levels }) => sharedBottomNetwork({ levels: levels.map((units) => ({ experts: mlp(units) })) }),

  pairings({ inputDim, levels }) {
    const layers = levels.flatMap((units, l) => units.map((width, d) => ({ path: `levels.${l}.experts.${d}`, width })));
    return layers.flatMap(({ path, width }, i) =>
      linear(`mtl_arch.bottom_projection.mlp_net.${2 * i}`, {
        path,
        member: 0,
        inputDim: layers[i - 1]?.width ?? inputDim,
        width,
      }),
    );
  },
};
