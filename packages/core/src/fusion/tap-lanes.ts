import type * as tf from '@tensorflow/tfjs';
import type { LanesTap } from '../layers/layer.ts';
import type { Lanes } from './lanes.ts';

/** The lanes as a tap gives them back. Lanes that hold one tensor are shown once, under the first one's name. */
export function tapLanes(lanes: Lanes, place: string, tap: LanesTap | undefined): Lanes {
  if (!tap) return lanes;
  const seen = new Map<tf.Tensor, tf.Tensor2D>();
  return new Map(
    [...lanes].map(([lane, vector]) => {
      const given = seen.get(vector) ?? tap(vector, place, lane);
      seen.set(vector, given);
      return [lane, given];
    }),
  );
}
