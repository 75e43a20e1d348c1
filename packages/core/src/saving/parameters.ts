import { PolytaskError, fail } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { NamedTensor } from '../storage/index.ts';

/**
 * All parameters of a store as named arrays, including running statistics. Variables are copied; the arrays of tables that are trained by rows
 * are the tables' own memory, which training changes.
 *
 * @example const tensors = await readParameters(model.store);
 */
export const readParameters = async (store: ParameterStore): Promise<Record<string, NamedTensor>> => ({
  ...(await readVariables(store)),
  ...Object.fromEntries(
    store.tables().map(({ name, shape, values }) => [name, { dtype: 'float32', shape, data: values }] as const),
  ),
});

/** Copies the variables of a store to named arrays: all of {@link readParameters} but the tables. */
export async function readVariables(store: ParameterStore): Promise<Record<string, NamedTensor>> {
  const entries = store.all().map(async ({ name, variable }): Promise<[string, NamedTensor]> => {
    const data = await variable.data<'float32'>();
    return [name, { dtype: 'float32', shape: variable.shape, data: new Float32Array(data) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

type Tensors = Readonly<Record<string, NamedTensor>>;

/**
 * Sets the parameters of a store to the tensors with the same names. On an error, no parameter changes. With `adopt`, tables keep the
 * given arrays, to which nobody else may then write, instead of copies.
 *
 * @param what the tensors, as error messages name them
 * @throws PolytaskError that lists every missing, unknown and misshapen tensor
 * @example writeParameters(model.store, tensors, 'the checkpoint')
 */
export function writeParameters(
  store: ParameterStore,
  tensors: Tensors,
  what: string,
  { adopt = false }: { readonly adopt?: boolean } = {},
): void {
  const tables = store.tables();
  checkTensors([...shapesOf(store), ...tables], tensors, what);
  assignVariables(store, tensors);
  for (const table of tables) {
    const data = tensors[table.name]!.data as Float32Array;
    if (adopt) table.adopt(data);
    else table.set(data);
  }
}

/** Sets the variables of a store, and leaves the tables as they are. On an error, no parameter changes. @throws PolytaskError as {@link writeParameters} does */
export function writeVariables(store: ParameterStore, tensors: Tensors, what: string): void {
  checkTensors(shapesOf(store), tensors, what);
  assignVariables(store, tensors);
}

type Shapes = readonly { readonly name: string; readonly shape: readonly number[] }[];

const shapesOf = (store: ParameterStore): Shapes =>
  store.all().map(({ name, variable: { shape } }) => ({ name, shape }));

function checkTensors(parameters: Shapes, tensors: Tensors, what: string): void {
  const shapes = Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
  const wrong = tensorFaults(shapes, tensors, 'float32');
  if (wrong.length === 0) return;
  throw new PolytaskError(
    `${what} doesn't fit the model: ${wrong.join('; ')}. Load it into the model that it was saved from.`,
  );
}

/** Every missing, misshapen and unknown tensor. @param dtype of all tensors. Default: any */
export function tensorFaults(
  shapes: Readonly<Record<string, readonly number[]>>,
  tensors: Readonly<Record<string, NamedTensor>>,
  dtype?: NamedTensor['dtype'],
): string[] {
  const unknown = Object.keys(tensors).filter((name) => !Object.hasOwn(shapes, name));
  const faults = Object.entries(shapes).flatMap(([name, shape]) => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) return `missing "${name}" [${shape}]`;
    if (dtype && tensor.dtype !== dtype) return `"${name}" is ${tensor.dtype}, not ${dtype}`;
    return tensor.shape.join() === shape.join() ? [] : `"${name}" is [${tensor.shape}], not [${shape}]`;
  });
  return [...faults, ...unknown.map((name) => `unknown "${name}"`)];
}

const assignVariables = (store: ParameterStore, tensors: Tensors): void =>
  tf.tidy(() => {
    for (const { name, variable } of store.all()) {
      variable.assign(tf.tensor(tensors[name]!.data, variable.shape, 'float32'));
    }
  });

type NamedNumbers = Iterable<readonly [name: string, numbers: Numbers | { readonly data: Numbers }]>;
type Numbers = ArrayLike<number>;

/** The first number that is NaN or infinite. @example firstNotFinite([['heads.bias', Float32Array.of(1, NaN)]]) // { name: 'heads.bias', value: NaN } */
export function firstNotFinite(named: NamedNumbers): { readonly name: string; readonly value: number } | undefined {
  for (const [name, each] of named) {
    const numbers = 'data' in each ? each.data : each;
    for (let i = 0; i < numbers.length; i++) {
      if (!Number.isFinite(numbers[i]!)) return { name, value: numbers[i]! };
    }
  }
  return undefined;
}

/** @throws PolytaskError that names the first parameter with a number that isn't finite. @param what the model, as the error names it */
export function requireFinite(parameters: NamedNumbers, what: string): void {
  const bad = firstNotFinite(parameters);
  if (!bad) return;
  fail({
    expected: `finite parameters in ${what}`,
    received: `"${bad.name}" with ${bad.value}`,
    fix: 'Its training has diverged: train it anew with a lower learning rate, or with clip: { norm: 1 }.',
  });
}
