import { counterRandom } from '@polytask/metrics';

/** The names of the two tasks. */
export const TASKS = ['task 1', 'task 2'] as const;

/** What the sliders set. */
export interface PlaneSettings {
  /** From 0, where the tasks have nothing in common, to 1, where they have the same labels. */
  readonly alike: number;
  /** The share of the plane in which task 2 has the opposite label, from 0 to 1. */
  readonly conflict: number;
  /** The number of labels of each task. */
  readonly labels: readonly [number, number];
  /** Draws the points with a label. */
  readonly seed: number;
}

/** Labeled points of one task in the square from (−1, −1) to (1, 1). */
export interface PlanePoints {
  /** x and y of each point, [points × 2]. */
  readonly points: Float32Array;
  /** 0 or 1, [points]. */
  readonly labels: Uint8Array;
}

/** The number of cells at each side of a map. */
export const SIDE = 28;

/** The centers of a map's cells, from the top left one, row by row, [SIDE² × 2]. */
export const CELLS = Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) => {
  const cell = i >> 1;
  const [column, row] = [cell % SIDE, Math.floor(cell / SIDE)];
  return i % 2 === 0 ? (2 * (column + 0.5)) / SIDE - 1 : 1 - (2 * (row + 0.5)) / SIDE;
});

/** Task 1 is above a wave. */
const wave = (x: number, y: number) => Math.sin(4.4 * (x + 0.6 * y) + 0.4);

/** A ring, which has nothing to do with the wave. */
const ring = (x: number, y: number) => 1.5 * (0.5 - x * x - y * y);

/** The true label of a task at a point. @param task 0 or 1 */
export function trueLabel(task: number, x: number, y: number, { alike, conflict }: PlaneSettings): 0 | 1 {
  if (task === 0) return wave(x, y) > 0 ? 1 : 0;
  const isAbove = alike * wave(x, y) + (1 - alike) * ring(x, y) > 0;
  const isTurned = x > 1 - 2 * conflict;
  return isAbove !== isTurned ? 1 : 0;
}

/** The true labels of a task in all cells, [SIDE²]. */
export const trueMap = (task: number, settings: PlaneSettings): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => trueLabel(task, CELLS[2 * i]!, CELLS[2 * i + 1]!, settings));

/** The labeled points of both tasks. The same seed and a larger number give the same points and more. */
export const samplePlane = (settings: PlaneSettings): PlanePoints[] =>
  TASKS.map((_, task) => {
    const draw = counterRandom(settings.seed, task);
    const points = Float32Array.from({ length: 2 * settings.labels[task]! }, () => 2 * draw() - 1);
    const labels = Uint8Array.from({ length: points.length / 2 }, (_, i) =>
      trueLabel(task, points[2 * i]!, points[2 * i + 1]!, settings),
    );
    return { points, labels };
  });

/** The share of a map's cells in which probabilities are on the side of the true label. */
export function accuracyOf(probabilities: ArrayLike<number>, truth: Uint8Array): number {
  let right = 0;
  truth.forEach((label, i) => (right += Number(probabilities[i]! > 0.5 === (label === 1))));
  return right / truth.length;
}
