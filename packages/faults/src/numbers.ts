import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, PolytaskError, regression, type Tasks } from '@polytask/core';
import { encode, fitSchema, fromRows, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, type EngineChoice, fit } from '@polytask/training';
import { differenceOf, notFinite } from './cross-check/judge/judge-training.ts';
import { withModel } from './formats/models.ts';
import { printableLine } from '@polytask/components';

/** Trains on extreme numbers with each engine, and prints a line for each case. @returns the number of faults */
export async function runNumbers(): Promise<number> {
  let faults = 0;
  for (const each of numbersCases) {
    const { refusal, fault } = await checkNumbers(each);
    if (fault !== undefined) faults++;
    const text = fault === undefined ? (refusal === '' ? 'ok' : `refused: ${refusal}`) : `FAULT: ${fault}`;
    process.stdout.write(`numbers, ${each.name}: ${printableLine(text)}\n`);
  }
  return faults;
}

/** Data or a model at the edge of what numbers can say. Each engine gives the same finite predictions, or the same PolytaskError. */
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

/** The most by which engines may differ, as a share of a task's largest prediction. They round float32 in another order. */
const TOLERANCE = 1e-5;

/** The predictions of a case by task, [rows] each, or the error of an engine. */
type Trained = Readonly<Record<string, Float32Array>> | Error;

/**
 * Trains a case with both engines, and compares their predictions.
 *
 * @returns the message with which both engines refused the numbers, otherwise ''; and what is wrong, undefined when nothing is
 */
export async function checkNumbers(each: NumbersCase, compared: EngineChoice = 'compiled') {
  const train = (engine: EngineChoice) => trainCase(each, engine).catch((error: unknown) => error as Error);
  const [eager, other] = [await train('eager'), await train(compared)];
  const faults = { eager: strangeness(eager), compiled: strangeness(other) ?? difference(eager, other) };
  const [fault] = Object.entries(faults).flatMap(([engine, text]) =>
    text === undefined ? [] : [`${engine}: ${text}`],
  );
  return { refusal: eager instanceof Error ? eager.message : '', fault };
}

function strangeness(outcome: Trained): string | undefined {
  if (!(outcome instanceof Error)) return notFinite(outcome);
  return outcome instanceof PolytaskError ? undefined : String(outcome);
}

function difference(one: Trained, other: Trained): string | undefined {
  if (one instanceof Error || other instanceof Error) {
    const [message, otherMessage] = [one, other].map((each) => (each instanceof Error ? each.message : 'predictions'));
    return message === otherMessage ? undefined : `${otherMessage} in place of ${message}`;
  }
  const { share, where } = differenceOf(one, other);
  return share > TOLERANCE ? where : undefined;
}

/** Trains a case for an epoch. @throws PolytaskError where the numbers allow no training */
async function trainCase({ rows, tasks, perTask = 1 }: NumbersCase, engine: EngineChoice): Promise<Trained> {
  const table = fromRows([...rows], { features: { x: numeric(), other: numeric() }, tasks });
  const examples = encode(table, fitSchema(table));
  const network = adatt({ levels: [{ experts: mlp([4]), perTask, shared: 1 }] });
  const model = multiTaskModel({ schema: examples.schema, network, tower: mlp([2]), seed: 5 });
  return withModel(model, async () => {
    await fit(model, examples, { engine, epochs: 1, batchSize: 8, optimizer: adam(1e-2) });
    return model.predict(examples) as Readonly<Record<string, Float32Array>>;
  });
}
