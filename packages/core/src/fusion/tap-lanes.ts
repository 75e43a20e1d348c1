import type * as tf from '@tensorflow/tfjs';
import type { LanesTap } from '../layers/layer.ts';
import type { Lanes } from './lanes.ts';

/** The lanes as a tap gives them back. A vector that several lanes hold is shown once. */
export function tapLanes(lanes: Lanes, place: string, tap: LanesTap | undefined): Lanes {
  if (!tap) return lanes;
  const holders = new Map<tf.Tensor2D, string[]>();
  for (const [lane, vector] of lanes) holders.set(vector, [...(holders.get(vector) ?? []), lane]);
  const given = new Map([...holders].map(([vector, names]) => [vector, tap(vector, place, names)]));
  return new Map([...lanes].map(([lane, vector]) => [lane, given.get(vector)!]));
}
