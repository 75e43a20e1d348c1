import { doubleMath, recordOf, type Doubles } from '@polytask/components';
import type { GroupMath } from './group-math.ts';

/** Numbers of rows, row-major: [columns] for one row that is `flat`, [rows, columns] otherwise. */
export interface Grid {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly flat: boolean;
}

/** A number, or a value for each row or pair of rows. */
export type GroupDoubles = number | Grid;

/** A value for each row, [rows]. */
export const vectorOf = (data: Float64Array): Grid => ({ data, rows: 1, columns: data.length, flat: true });

const matrixOf = (data: Float64Array, rows: number, columns: number): Grid => ({ data, rows, columns, flat: false });

const unary =
  (f: (a: number) => Doubles) =>
  (v: GroupDoubles): GroupDoubles =>
    typeof v === 'number' ? (f(v) as number) : { ...v, data: v.data.map((a) => f(a) as number) };

const asGrid = (v: GroupDoubles): Grid => (typeof v === 'number' ? vectorOf(Float64Array.of(v)) : v);

/** A dimension of one is repeated, as in tensors. */
const binary =
  (f: (a: number, b: number) => Doubles) =>
  (v: GroupDoubles, w: GroupDoubles): GroupDoubles => {
    if (typeof v === 'number' && typeof w === 'number') return f(v, w) as number;
    const [a, b] = [asGrid(v), asGrid(w)];
    const [rows, columns] = [Math.max(a.rows, b.rows), Math.max(a.columns, b.columns)];
    const data = new Float64Array(rows * columns);
    const [stepA, stepB] = [a.columns === 1 ? 0 : 1, b.columns === 1 ? 0 : 1];
    for (let row = 0, i = 0; row < rows; row++) {
      let atA = a.rows === 1 ? 0 : row * a.columns;
      let atB = b.rows === 1 ? 0 : row * b.columns;
      for (let column = 0; column < columns; column++, atA += stepA, atB += stepB)
        data[i++] = f(a.data[atA]!, b.data[atB]!) as number;
    }
    return { data, rows, columns, flat: a.flat && b.flat };
  };

const UNARY = [
  ...(['neg', 'abs', 'sign', 'sqrt', 'square', 'exp', 'expm1', 'log', 'softplus', 'sigmoid'] as const),
  ...(['sin', 'cos', 'lgamma', 'erf'] as const),
];
const BINARY = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'atan2', 'logLoss'] as const;

const outputsOf = ({ data, columns }: Grid, row: number): number[] => [
  ...data.subarray(row * columns, (row + 1) * columns),
];

/** A number for the outputs of each row: [rows, outputs] → [rows]. */
const toNumber =
  (f: (outputs: number[], row: number) => Doubles) =>
  (z: GroupDoubles): GroupDoubles => {
    const grid = asGrid(z);
    return vectorOf(Float64Array.from({ length: grid.rows }, (_, row) => f(outputsOf(grid, row), row) as number));
  };

/** As many numbers for the outputs of each row: [rows, outputs] → [rows, outputs]. */
const toOutputs =
  (f: (outputs: number[]) => Doubles) =>
  (z: GroupDoubles): GroupDoubles => {
    const grid = asGrid(z);
    const data = new Float64Array(grid.data.length);
    for (let row = 0; row < grid.rows; row++)
      data.set(f(outputsOf(grid, row)) as readonly number[], row * grid.columns);
    return { ...grid, data };
  };

/** The arithmetic of losses for the rows of one group, in double precision. */
export const groupDoubleMath = (): GroupMath<GroupDoubles> => ({
  ...recordOf(UNARY, (name) => unary(doubleMath[name])),
  ...recordOf(BINARY, (name) => binary(doubleMath[name])),
  softmax: toOutputs(doubleMath.softmax),
  logSoftmax: toOutputs(doubleMath.logSoftmax),
  sum: toNumber(doubleMath.sum),
  mean: toNumber(doubleMath.mean),
  at: (z, i) => toNumber((outputs) => outputs[i]!)(z),
  stack(values) {
    const rows = asGrid(values[0]!).data.length;
    const data = Float64Array.from({ length: rows * values.length }, (_, i) => {
      const { data: numbers } = asGrid(values[i % values.length]!);
      return numbers[Math.floor(i / values.length)]!;
    });
    return matrixOf(data, rows, values.length);
  },
  chosen: (z, labels) => toNumber((outputs, row) => outputs[asGrid(labels).data[row]!]!)(z),
  pick: (numbers, labels) => unary((label) => numbers[label]!)(labels),
  mine: (v) => matrixOf(asGrid(v).data, asGrid(v).columns, 1),
  others: (v) => ({ ...asGrid(v), flat: false }),
  sumOverGroup(pairs) {
    const { data, rows, columns } = asGrid(pairs);
    const size = Math.max(rows, columns); // the rows of the group: a dimension of one is repeated
    const sums = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      const from = rows === 1 ? 0 : row * columns;
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += data[from + column]!;
      sums[row] = columns === 1 ? size * sum : sum;
    }
    return vectorOf(sums);
  },
  logShare(v, weights) {
    const [{ data: numbers }, { data: masses }] = [asGrid(v), asGrid(weights)];
    const own = numbers.map((one, row) => one + Math.log(masses[row]! || 1));
    const top = own.reduce((most, one, row) => (masses[row]! > 0 && one > most ? one : most), -Infinity);
    const total = own.reduce((sum, one, row) => sum + (masses[row]! > 0 ? Math.exp(one - top) : 0), 0);
    return vectorOf(own.map((one, row) => (masses[row]! > 0 ? one - top - Math.log(total) : 0)));
  },
});
