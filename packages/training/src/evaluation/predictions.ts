import type { Tasks } from '@polytask/core';
import type { Scores } from './scores.ts';

/**
 * The predictions for one task, for each row with a label, in the order of the rows.
 *
 * | kind | label | prediction |
 * |---|---|---|
 * | binary | 0 or 1 | a probability |
 * | multiclass | the index of a class | the probabilities of all classes |
 * | multi-label | the sum of 2ⁱ over the labels i of the row | the probabilities of all labels |
 * | survival | the time of the event; its negative if the row is censored | the probabilities of no event up to each cut point |
 * | regression | a number in the label's unit | a number in the label's unit |
 */
export interface TaskPredictions {
  /** The 0-based index of each row among all evaluated rows. [rows] */
  readonly rows: Uint32Array;
  /** [rows] */
  readonly labels: Float64Array;
  /** [rows], or row-major [rows × classes] */
  readonly predictions: Float64Array;
  /** Sample weights, all above 0. [rows] */
  readonly weights: Float64Array;
}

/** The result of `evaluate` with `predictions: true`. */
export interface Evaluation<S = Scores, T extends Tasks = Tasks> {
  readonly scores: S;
  readonly predictions: { readonly [Name in keyof T]: TaskPredictions };
}

export class PredictionCollector {
  readonly #batches: TaskPredictions[] = [];
  #rowCount = 0;

  /** @param weights 0 for a row without a label */
  add(labels: ArrayLike<number>, predictions: Float64Array, weights: Float32Array): void {
    const labeled = Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
    const width = predictions.length / weights.length;
    this.#batches.push({
      rows: labeled.map((row) => this.#rowCount + row),
      labels: Float64Array.from(labeled, (row) => labels[row]!),
      predictions: Float64Array.from(
        { length: labeled.length * width },
        (_, i) => predictions[labeled[Math.floor(i / width)]! * width + (i % width)]!,
      ),
      weights: Float64Array.from(labeled, (row) => weights[row]!),
    });
    this.#rowCount += weights.length;
  }

  collected(): TaskPredictions {
    const batches = this.#batches;
    return {
      rows: joined(
        batches.map(({ rows }) => rows),
        (length) => new Uint32Array(length),
      ),
      labels: doubles(batches.map(({ labels }) => labels)),
      predictions: doubles(batches.map(({ predictions }) => predictions)),
      weights: doubles(batches.map(({ weights }) => weights)),
    };
  }
}

const doubles = (parts: readonly Float64Array[]): Float64Array => joined(parts, (length) => new Float64Array(length));

function joined<A extends Float64Array | Uint32Array>(parts: readonly A[], create: (length: number) => A): A {
  const whole = create(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
