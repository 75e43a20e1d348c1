import type { RandomStream } from '@polytask/core';

/**
 * Random vectors of length 1, orthogonal to one another and to (1, …, 1), by Gram–Schmidt, twice for the rounding. Their
 * entries thus have mean 0, so that the Pearson correlation of two of their combinations is the cosine.
 *
 * @returns [count][dimension]; count is less than dimension
 */
export function orthonormalVectors(count: number, dimension: number, stream: RandomStream): Float64Array[] {
  const vectors: Float64Array[] = [new Float64Array(dimension).fill(1 / Math.sqrt(dimension))];
  while (vectors.length <= count) {
    const vector = Float64Array.from(stream.normal(dimension));
    for (const earlier of [...vectors, ...vectors]) {
      const along = inner(vector, earlier);
      for (let i = 0; i < dimension; i++) vector[i]! -= along * earlier[i]!;
    }
    const length = Math.sqrt(inner(vector, vector));
    vectors.push(vector.map((value) => value / length));
  }
  return vectors.slice(1);
}

/** a · b */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
