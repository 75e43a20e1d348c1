import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, regression, type Tasks } from '@polytask/core';
import { encode, fitSchema, fromRows, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, eagerEngine, fit, type Engine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';

/** Data or a model at the edge of what numbers can say. Training gives finite predictions, or a PolytaskError. */
export interface NumbersCase {
  readonly name: string;
  /** Whether it is too slow for the tests. */
  readonly slow?: boolean;
  readonly rows: readonly Readonly<Record<string, number | null>>[];
  readonly tasks: Tasks;
  readonly perTask?: number;
}

const rowsOf = (size: number, x: (i: number) => number, more: (i: number) => object = () => ({})) =>
  Array.from({ length: size }, (_, i) => ({ x: x(i), other: i % 5, y: i % 2, z: i / 7, ...more(i) }));

const two: Tasks = { y: binary(), z: regression() };
const many: Tasks = Object.fromEntries(Array.from({ length: 1000 }, (_, t) => [`t${t}`, binary({ from: 'y' })]));

export const numbersCases: readonly NumbersCase[] = [
  { name: 'inputs of 1e38', rows: rowsOf(24, (i) => (i % 2 ? 1e38 : -1e38)), tasks: two },
  { name: 'denormal inputs', rows: rowsOf(24, (i) => i * 5e-324), tasks: two },
  { name: 'denormal inputs of 32 bits', rows: rowsOf(24, (i) => i * 1e-45), tasks: two },
  { name: 'labels of 1e38', rows: rowsOf(24, (i) => i, (i) => ({ z: i * 1e37 })), tasks: two }, // prettier-ignore
  { name: 'a constant column', rows: rowsOf(24, () => 3), tasks: two },
  { name: 'a constant label', rows: rowsOf(24, (i) => i, () => ({ y: 1, z: 2 })), tasks: two }, // prettier-ignore
  { name: 'one row', rows: rowsOf(1, () => 3), tasks: two },
  { name: 'one task', rows: rowsOf(24, (i) => i), tasks: { y: binary() } },
  {
    name: 'weights of zero',
    rows: rowsOf(24, (i) => i, () => ({ w: 0 })), // prettier-ignore
    tasks: { y: binary({ weightFrom: 'w' }), z: regression() },
  },
  {
    name: 'all labels missing in a batch',
    rows: rowsOf(24, (i) => i, (i) => (i < 16 ? { y: null, z: null } : {})), // prettier-ignore
    tasks: two,
  },
  { name: '1,000 tasks', slow: true, rows: rowsOf(8, (i) => i), tasks: many },
  { name: '200 experts', slow: true, rows: rowsOf(24, (i) => i), tasks: two, perTask: 100 },
];

export const numbersEngines: Readonly<Record<string, () => Engine>> = {
  eager: () => eagerEngine,
  compiled: () => compiledEngine(),
};

/** Trains a case for an epoch. @returns the predictions of its rows @throws PolytaskError where the numbers allow no training */
export async function trainCase({ rows, tasks, perTask = 1 }: NumbersCase, engine: Engine): Promise<number[]> {
  const table = fromRows([...rows], { features: { x: numeric(), other: numeric() }, tasks });
  const examples = encode(table, fitSchema(table));
  const network = adatt({ levels: [{ experts: mlp([4]), perTask, shared: 1 }] });
  const model = multiTaskModel({ schema: examples.schema, network, tower: mlp([2]), seed: 5 });
  try {
    await fit(model, examples, { engine, epochs: 1, batchSize: 8, optimizer: adam(1e-2) });
    return Object.values(model.predict(examples)).flatMap((values) => [...(values as Float32Array)]);
  } finally {
    model.dispose();
  }
}
