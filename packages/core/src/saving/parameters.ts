import { checkNames, PolytaskError, fail } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import type { NamedTensor } from '../storage/index.ts';

/**
 * All parameters of a store as named arrays, including running statistics. Variables are copied. Tables that are trained by
 * rows are not: their arrays are the tables' own memory, which training changes.
 *
 * @example const tensors = await readParameters(model.store);
 */
export const readParameters = async (store: ParameterStore): Promise<Record<string, NamedTensor>> => ({
  ...(await readVariables(store)),
  ...Object.fromEntries(
    store.tables().map(({ name, shape, values }) => [name, { dtype: 'float32', shape, data: values }] as const),
  ),
});

/**
 * Copies the variables of a store to named arrays: all of {@link readParameters} but the tables.
 *
 * @example const tensors = await readVariables(model.store);
 */
export async function readVariables(store: ParameterStore): Promise<Record<string, NamedTensor>> {
  const entries = store.all().map(async ({ name, variable }): Promise<[string, NamedTensor]> => {
    const data = await variable.data<'float32'>();
    return [name, { dtype: 'float32', shape: variable.shape, data: new Float32Array(data) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

export interface WriteParametersOptions {
  /** Whether tables keep the given arrays instead of copies. Nobody else may then write to these arrays. Default false. */
  readonly adopt?: boolean;
}

type Tensors = Readonly<Record<string, NamedTensor>>;

/**
 * Sets the parameters of a store to the tensors with the same names. On an error, no parameter changes.
 *
 * @param what the tensors, as error messages name them
 * @throws PolytaskError that lists every missing, unknown and misshapen tensor
 * @example writeParameters(model.store, tensors, 'the checkpoint')
 */
export function writeParameters(
  store: ParameterStore,
  tensors: Tensors,
  what: string,
  options: WriteParametersOptions = {},
): void {
  checkNames(options, ['adopt'], 'writeParameters');
  const tables = store.tables();
  checkTensors([...shapesOf(store), ...tables], tensors, what);
  assignVariables(store, tensors);
  for (const table of tables) {
    const data = tensors[table.name]!.data as Float32Array;
    if (options.adopt) table.adopt(data);
    else table.set(data);
  }
}

/**
 * Sets the variables of a store, and leaves the tables as they are. On an error, no parameter changes.
 *
 * @param what the tensors, as error messages name them
 * @throws PolytaskError that lists every missing, unknown and misshapen tensor
 * @example writeVariables(model.store, await readVariables(model.store), 'the best epoch')
 */
export function writeVariables(store: ParameterStore, tensors: Tensors, what: string): void {
  checkTensors(shapesOf(store), tensors, what);
  assignVariables(store, tensors);
}

type Shapes = readonly { readonly name: string; readonly shape: readonly number[] }[];

const shapesOf = (store: ParameterStore): Shapes =>
  store.all().map(({ name, variable: { shape } }) => ({ name, shape }));

function checkTensors(parameters: Shapes, tensors: Tensors, what: string): void {
  const wrong: string[] = [];
  for (const { name, shape } of parameters) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) wrong.push(`missing "${name}" [${shape}]`);
    else if (tensor.dtype !== 'float32') wrong.push(`"${name}" is ${tensor.dtype}, not float32`);
    else if (tensor.shape.join() !== shape.join()) wrong.push(`"${name}" is [${tensor.shape}], not [${shape}]`);
  }
  const names = new Set(parameters.map(({ name }) => name));
  for (const name of Object.keys(tensors)) if (!names.has(name)) wrong.push(`unknown "${name}"`);
  if (wrong.length === 0) return;
  throw new PolytaskError(
    `${what} doesn't fit the model: ${wrong.join('; ')}. Load it into the model that it was saved from.`,
  );
}

const assignVariables = (store: ParameterStore, tensors: Tensors): void =>
  tf.tidy(() => {
    for (const { name, variable } of store.all()) {
      variable.assign(tf.tensor(tensors[name]!.data, variable.shape, 'float32'));
    }
  });

/** Arrays of numbers by name, or tensors by name. */
type NamedNumbers = Iterable<readonly [name: string, numbers: Numbers | { readonly data: Numbers }]>;
type Numbers = ArrayLike<number>;

/**
 * The first number among named arrays that is NaN or infinite. Undefined when all are finite.
 *
 * @example firstNotFinite([['heads.bias', Float32Array.of(1, NaN)]]) // { name: 'heads.bias', value: NaN }
 */
export function firstNotFinite(named: NamedNumbers): { readonly name: string; readonly value: number } | undefined {
  for (const [name, each] of named) {
    const numbers = 'data' in each ? each.data : each;
    for (let i = 0; i < numbers.length; i++) {
      if (!Number.isFinite(numbers[i]!)) return { name, value: numbers[i]! };
    }
  }
  return undefined;
}

/**
 * Throws when a parameter of a model isn't finite.
 *
 * @param parameters such as the entries of `readParameters`
 * @param what the model, as the error names it
 * @throws PolytaskError that names the first parameter with such a number
 * @example requireFinite(Object.entries(await readParameters(model.store)), 'the model to save')
 */
export function requireFinite(parameters: NamedNumbers, what: string): void {
  const bad = firstNotFinite(parameters);
  if (!bad) return;
  fail({
    expected: `finite parameters in ${what}`,
    received: `"${bad.name}" with ${bad.value}`,
    fix: 'Its training has diverged: train it anew with a lower learning rate, or with clip: { norm: 1 }.',
  });
}
