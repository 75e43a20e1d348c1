import * as tf from '@tensorflow/tfjs';
import { unstack, takeMembers } from '../layers/members.ts';
import type { LanesTap } from '../layers/layer.ts';

/** The vectors of the lanes, [batch, dim] by name. At the first level each is the network's input. */
export type Lanes = ReadonlyMap<string, tf.Tensor2D>;

/** The vectors of some lanes at once: [batch, dim] where all are the same, else [names, batch, dim]. */
export function takeLanes(lanes: Lanes, names: readonly string[]): tf.Tensor2D | tf.Tensor3D {
  const { x, laneOf } = readLanes(lanes, names);
  return laneOf ? takeMembers(x as tf.Tensor3D, laneOf) : x;
}

/** What a bank is applied to: one vector for all, or lanes and which of them each member reads. */
export interface LaneReads {
  /** [batch, dim], or [lanes, batch, dim] */
  readonly x: tf.Tensor2D | tf.Tensor3D;
  /** The lane of each name, when some lanes are read by several or by none. */
  readonly laneOf?: readonly number[];
}

/** The lanes of these names, as they lie: none is copied that is stacked already. A name can come more than once. */
export function readLanes(lanes: Lanes, names: readonly string[]): LaneReads {
  if (lanes instanceof StackedLanes) return lanes.read(names);
  const vectors = names.map((name) => lanes.get(name)!);
  return { x: vectors.every((vector) => vector === vectors[0]) ? vectors[0]! : (tf.stack(vectors) as tf.Tensor3D) };
}

/** Puts lanes side by side, [batch, Σ dim]; those that are asked for again are the same tensor. */
export function sideBySide(lanes: Lanes): (names: readonly string[]) => tf.Tensor2D {
  const made = new Map<string, tf.Tensor2D>();
  return (names) => {
    if (names.length === 1) return lanes.get(names[0]!)!;
    const key = JSON.stringify(names);
    const wide =
      made.get(key) ??
      tf.concat(
        names.map((name) => lanes.get(name)!),
        1,
      );
    made.set(key, wide);
    return wide;
  };
}

/** Lanes as one tensor, [lanes, batch, dim], which is taken apart only when a single one is asked for. */
export class StackedLanes implements Lanes {
  readonly #names: readonly string[];
  readonly #stacked: tf.Tensor3D;
  #parts: ReadonlyMap<string, tf.Tensor2D> | undefined;

  constructor(names: readonly string[], stacked: tf.Tensor3D) {
    this.#names = names;
    this.#stacked = stacked;
  }

  /** All lanes, [lanes, batch, dim], and which of them each name is. */
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

  forEach(visit: (vector: tf.Tensor2D, name: string, lanes: Lanes) => void): void {
    this.#map().forEach((vector, name) => visit(vector, name, this));
  }

  entries(): MapIterator<[string, tf.Tensor2D]> {
    return this.#map().entries();
  }

  keys(): MapIterator<string> {
    return this.#map().keys();
  }

  values(): MapIterator<tf.Tensor2D> {
    return this.#map().values();
  }

  [Symbol.iterator](): MapIterator<[string, tf.Tensor2D]> {
    return this.entries();
  }

  #map(): ReadonlyMap<string, tf.Tensor2D> {
    this.#parts ??= new Map(unstack(this.#stacked).map((vector, i) => [this.#names[i]!, vector as tf.Tensor2D]));
    return this.#parts;
  }
}

/** The lanes as a tap gives them back. A vector that several lanes hold is shown once. */
export function tapLanes(lanes: Lanes, place: string, tap: LanesTap | undefined): Lanes {
  if (!tap) return lanes;
  const holders = new Map<tf.Tensor2D, string[]>();
  for (const [lane, vector] of lanes) holders.set(vector, [...(holders.get(vector) ?? []), lane]);
  const given = new Map([...holders].map(([vector, names]) => [vector, tap(vector, place, names)]));
  return new Map([...lanes].map(([lane, vector]) => [lane, given.get(vector)!]));
}
