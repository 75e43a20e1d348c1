import * as tf from '@tensorflow/tfjs-core';
import { unstack, takeMembers } from '../layers/operations.ts';
import type { LanesTap } from '../layers/layer.ts';

/** The vectors of the lanes by name, [batch, dim] each. Before the first level, every lane holds the network's input. */
export interface Lanes extends Omit<ReadonlyMap<string, tf.Tensor2D>, 'forEach' | 'entries'> {}

/** Stacks the vectors of these lanes: [names, batch, dim], or [batch, dim] when all are the same tensor. */
export function takeLanes(lanes: Lanes, names: readonly string[]): tf.Tensor2D | tf.Tensor3D {
  const { x, laneOf } = readLanes(lanes, names);
  return laneOf ? takeMembers(x as tf.Tensor3D, laneOf) : x;
}

/** The input of a bank: one vector for all members, or lanes and the index of the lane that each member reads. */
export interface LaneReads {
  /** [batch, dim], or [lanes, batch, dim] */
  readonly x: tf.Tensor2D | tf.Tensor3D;
  /** The index of each name's lane. Undefined when `x` already has one lane per name. */
  readonly laneOf?: readonly number[];
}

/** Reads the lanes of these names, which may repeat. Lanes that are stacked already are not copied. */
export function readLanes(lanes: Lanes, names: readonly string[]): LaneReads {
  if (lanes instanceof StackedLanes) return lanes.read(names);
  const vectors = names.map((name) => lanes.get(name)!);
  return { x: vectors.every((vector) => vector === vectors[0]) ? vectors[0]! : (tf.stack(vectors) as tf.Tensor3D) };
}

/** Returns a function that concatenates lanes, [batch, Σ dim]. It returns the same tensor for the same names. */
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
  readonly #names: readonly string[];
  readonly #stacked: tf.Tensor3D;
  #parts: ReadonlyMap<string, tf.Tensor2D> | undefined;

  constructor(names: readonly string[], stacked: tf.Tensor3D) {
    this.#names = names;
    this.#stacked = stacked;
  }

  /** All lanes, [lanes, batch, dim], and the index of each name's lane. */
  read(names: readonly string[]): Required<LaneReads> {
    return { x: this.#stacked, laneOf: names.map((name) => this.#names.indexOf(name)) };
  }

  get size(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  get(name: string): tf.Tensor2D | undefined {
    return this.#map().get(name);
  }

  keys(): MapIterator<string> {
    return this.#map().keys();
  }

  values(): MapIterator<tf.Tensor2D> {
    return this.#map().values();
  }

  [Symbol.iterator](): MapIterator<[string, tf.Tensor2D]> {
    return this.#map().entries();
  }

  #map(): ReadonlyMap<string, tf.Tensor2D> {
    this.#parts ??= new Map(unstack(this.#stacked).map((vector, i) => [this.#names[i]!, vector as tf.Tensor2D]));
    return this.#parts;
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
