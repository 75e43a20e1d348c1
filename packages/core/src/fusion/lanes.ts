import * as tf from '@tensorflow/tfjs-core';
import { unstack, takeMembers } from '../layers/operations.ts';
import type { LanesTap } from '../layers/layer.ts';

/** The vectors of the lanes by name, [batch, dim] each. Before the first level, every lane holds the network's input. */
export type Lanes = Pick<ReadonlyMap<string, tf.Tensor2D>, 'get' | 'has' | 'keys' | 'values' | typeof Symbol.iterator>;

/** Stacks the vectors of these lanes: [names, batch, dim], or [batch, dim] when all are the same tensor. */
export function takeLanes(lanes: Lanes, names: readonly string[]): tf.Tensor2D | tf.Tensor3D {
  const { x, laneOf } = readLanes(lanes, names);
  return laneOf ? takeMembers(x as tf.Tensor3D, laneOf) : x;
}

/**
 * Reads the lanes of these names, which may repeat. Lanes that are stacked already are not copied.
 *
 * @returns `x`: [batch, dim] for all names, or [lanes, batch, dim]; `laneOf`: the index of each name's lane, if `x` hasn't one lane per name
 */
export function readLanes(
  lanes: Lanes,
  names: readonly string[],
): { x: tf.Tensor2D | tf.Tensor3D; laneOf?: readonly number[] } {
  if (lanes instanceof StackedLanes)
    return { x: lanes.stacked, laneOf: names.map((name) => lanes.names.indexOf(name)) };
  const vectors = names.map((name) => lanes.get(name)!);
  return { x: vectors.every((vector) => vector === vectors[0]) ? vectors[0]! : (tf.stack(vectors) as tf.Tensor3D) };
}

/** A function that concatenates lanes, [batch, Σ dim], once for the same names. */
export function sideBySide(lanes: Lanes): (names: readonly string[]) => tf.Tensor2D {
  const cache = new Map<string, tf.Tensor2D>();
  return (names) => {
    const key = JSON.stringify(names);
    const vectors = names.map((name) => lanes.get(name)!);
    const wide = vectors.length === 1 ? vectors[0]! : (cache.get(key) ?? tf.concat(vectors, 1));
    cache.set(key, wide);
    return wide;
  };
}

/** Lanes as one tensor, [lanes, batch, dim]. The tensor is unstacked only when a single lane is read. */
export class StackedLanes implements Lanes {
  #parts: ReadonlyMap<string, tf.Tensor2D> | undefined;

  constructor(
    readonly names: readonly string[],
    readonly stacked: tf.Tensor3D,
  ) {}

  readonly has = (name: string) => this.names.includes(name);
  readonly get = (name: string) => this.#map().get(name);
  readonly keys = () => this.#map().keys();
  readonly values = () => this.#map().values();
  readonly [Symbol.iterator] = () => this.#map().entries();

  #map(): ReadonlyMap<string, tf.Tensor2D> {
    return (this.#parts ??= new Map(unstack(this.stacked).map((vector, i) => [this.names[i]!, vector as tf.Tensor2D])));
  }
}

/** Applies a tap to the lanes. The tap is called once for a vector that several lanes hold. */
export function tapLanes(lanes: Lanes, place: string, tap: LanesTap | undefined): Lanes {
  if (!tap) return lanes;
  const holders = new Map<tf.Tensor2D, string[]>();
  for (const [lane, vector] of lanes) holders.set(vector, [...(holders.get(vector) ?? []), lane]);
  const replacements = new Map([...holders].map(([vector, names]) => [vector, tap(vector, place, names)]));
  return new Map([...lanes].map(([lane, vector]) => [lane, replacements.get(vector)!]));
}
