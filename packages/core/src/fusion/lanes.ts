import * as tf from '@tensorflow/tfjs';
import { unstack } from '../layers/unstack.ts';
import { takeMembers } from '../layers/take-members.ts';

/** The vectors of the lanes, [batch, dim] by name. At the first level each is the network's input. */
export type Lanes = ReadonlyMap<string, tf.Tensor2D>;

/** The vectors of some lanes at once: [batch, dim] where all are the same, else [names, batch, dim]. */
export function takeLanes(lanes: Lanes, names: readonly string[]): tf.Tensor2D | tf.Tensor3D {
  if (lanes instanceof StackedLanes) return lanes.take(names);
  const vectors = names.map((name) => lanes.get(name)!);
  return vectors.every((vector) => vector === vectors[0]) ? vectors[0]! : (tf.stack(vectors) as tf.Tensor3D);
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

  /** The vectors of these lanes, [names, batch, dim], in their order; a name can come more than once. */
  take(names: readonly string[]): tf.Tensor3D {
    return takeMembers(
      this.#stacked,
      names.map((name) => this.#names.indexOf(name)),
    );
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
