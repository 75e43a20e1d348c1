import { mlpLayers, range, type Pairing } from '../pairing.ts';
import { widthsIn, type Plan } from '../plan.ts';

/** `mtl_arch.experts.LEVEL.EXPERT`: as many at each level, in the order of the columns of W. */
export const levelExperts = (plan: Plan, count: number): Pairing[] =>
  plan.levels.flatMap((units, l) =>
    range(count).flatMap((e) =>
      mlpLayers(`mtl_arch.experts.${l}.${e}`, `levels.${l}.experts`, e, widthsIn(plan)[l]!, units),
    ),
  );

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
