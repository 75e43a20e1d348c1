import { fail, sum } from '@polytask/components';
import type { RandomStream } from '@polytask/core';

/** A smaller pivot is zero: rounding leaves such numbers. */
const ZERO = 1e-12;
/** The tolerance for a semidefinite matrix: its entries often have few digits. */
const TOLERANCE = 1e-6;

/** L of a correlation matrix R = L Lᵀ (Cholesky), which may be semidefinite: [tasks][unit vectors]. @throws PolytaskError if R is none */
export function correlationFactor(correlation: number | readonly (readonly number[])[], tasks: number): number[][] {
  const matrix = typeof correlation === 'number' ? constant(correlation, tasks) : correlation;
  check(matrix, tasks);
  const factor = matrix.map((row) => row.map(() => 0));
  for (let j = 0; j < tasks; j++) {
    const residual = (i: number) => matrix[i]![j]! - inner(factor[i]!, factor[j]!);
    const pivot = residual(j);
    if (pivot < -TOLERANCE) notSemidefinite(correlation, tasks);
    const root = pivot < ZERO ? 0 : Math.sqrt(pivot);
    factor[j]![j] = root;
    for (let i = j + 1; i < tasks; i++) {
      if (root === 0 && Math.abs(residual(i)) > Math.sqrt(TOLERANCE)) notSemidefinite(correlation, tasks);
      factor[i]![j] = root === 0 ? 0 : residual(i) / root;
    }
  }
  return factor;
}

const constant = (correlation: number, tasks: number): number[][] =>
  Array.from({ length: tasks }, (_, i) => Array.from({ length: tasks }, (_, j) => (i === j ? 1 : correlation)));

function check(matrix: readonly (readonly number[])[], tasks: number): void {
  const refuse = (received: string) =>
    fail({
      expected: `a symmetric matrix of ${tasks} × ${tasks} correlations from −1 to 1, with 1 on its diagonal`,
      received,
      fix: 'Pass one number for all pairs, or such a matrix.',
    });
  const lengths = matrix.map((row) => row.length);
  if (lengths.length !== tasks || lengths.some((length) => length !== tasks))
    refuse(`rows of length ${lengths.join(', ')}`);
  const entry = (i: number, j: number) => `correlation[${i}][${j}] = ${matrix[i]![j]}`;
  for (let i = 0; i < tasks; i++) {
    if (matrix[i]![i] !== 1) refuse(entry(i, i));
    for (let j = 0; j < i; j++) {
      const value = matrix[j]![i]!;
      if (!(Math.abs(value) <= 1) || value !== matrix[i]![j]) refuse(`${entry(j, i)}, and ${entry(i, j)}`);
    }
  }
}

function notSemidefinite(correlation: number | readonly (readonly number[])[], tasks: number): never {
  const least = tasks > 1 ? -1 / (tasks - 1) : -1;
  return fail({
    expected: 'correlations that tasks can have together (a positive semidefinite matrix)',
    received: JSON.stringify(correlation),
    fix:
      typeof correlation === 'number'
        ? `${tasks} tasks can be correlated by ${least.toFixed(3)} or more, all with one another.`
        : 'Two tasks that are both close to a third are close to each other: bring the entries nearer to 0.',
  });
}

/** Random unit vectors [count][dimension], orthogonal to each other and to (1, …, 1), by two rounds of Gram–Schmidt. count < dimension */
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

export const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number => sum(a, (value, i) => value * b[i]!);
