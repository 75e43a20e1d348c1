import { useLayoutEffect, useRef } from 'preact/hooks';
import { type PlanePoints, SIDE } from './plane-tasks.ts';

/** Pixels of a cell on the canvas. */
const CELL = 8;
const SIZE = SIDE * CELL;
const DOT = 3.6;

export interface PlaneMapProps {
  readonly label: string;
  /** Probabilities of a label 1 in all cells, [SIDE²]. Undefined before the first frame. */
  readonly map: ArrayLike<number> | undefined;
  readonly truth: Uint8Array;
  readonly points: PlanePoints | undefined;
}

/** A task's plane: the color of a cell is the side that a model takes there, a line is the true boundary, dots are labels. */
export function PlaneMap({ label, map, truth, points }: PlaneMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, SIZE, SIZE);
    const color = (name: string) => getComputedStyle(canvas.current!).getPropertyValue(name).trim();
    const [zero, one] = [color('--side-zero'), color('--side-one')];
    for (let i = 0; map && i < SIDE * SIDE; i++) {
      const lean = 2 * map[i]! - 1;
      context.globalAlpha = 0.12 + 0.78 * Math.abs(lean);
      context.fillStyle = lean > 0 ? one : zero;
      context.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
    }
    context.globalAlpha = 1;
    context.strokeStyle = color('--boundary');
    context.lineWidth = 2;
    context.stroke(boundaryOf(truth));
    points?.labels.forEach((side, i) => {
      context.beginPath();
      const [x, y] = [points.points[2 * i]!, points.points[2 * i + 1]!];
      context.arc(((x + 1) / 2) * SIZE, ((1 - y) / 2) * SIZE, DOT, 0, 2 * Math.PI);
      context.fillStyle = side === 1 ? one : zero;
      context.lineWidth = 1.2;
      context.strokeStyle = color('--dot-edge');
      context.fill();
      context.stroke();
    });
  });
  return <canvas ref={canvas} width={SIZE} height={SIZE} role="img" aria-label={label} />;
}

/** The edges between cells with different labels. */
function boundaryOf(truth: Uint8Array): Path2D {
  const path = new Path2D();
  const edge = (x: number, y: number, toX: number, toY: number) => {
    path.moveTo(x * CELL, y * CELL);
    path.lineTo(toX * CELL, toY * CELL);
  };
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const own = truth[row * SIDE + column];
      if (column + 1 < SIDE && truth[row * SIDE + column + 1] !== own) edge(column + 1, row, column + 1, row + 1);
      if (row + 1 < SIDE && truth[(row + 1) * SIDE + column] !== own) edge(column, row + 1, column + 1, row + 1);
    }
  return path;
}
