import {
  anything,
  optional,
  PolytaskError,
  readDocument,
  readOptions,
  record,
  shaped,
  string,
  sum,
  wholeNumber,
  type ReadValue,
  fail,
} from '@polytask/components';
import { checkFeatures } from '../features/schema.ts';
import { modelOptions, type ReadDeclaration } from '../model/model-declaration.ts';
import { MultiTaskModel } from '../model/model.ts';
import { requireFinite, writeParameters } from './parameters.ts';
import { readerOf, type Source, unpackBundle } from '../storage/index.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { checkComponents } from './check-components.ts';
import { FORMAT, MODEL } from './save.ts';

/**
 * Loads a saved model, with its feature encoding. First import the packages and files that define its components
 * (`@polytask/adatt`, `@polytask/experts`, your own experts).
 *
 * @param source a directory (Node), `indexeddb://…` or `opfs://…` (browser), a URL, files from a browser's `<input>`, or bytes
 * by file name
 * @throws PolytaskError when components are undefined (it names them, and the packages to import); when a file is missing, truncated,
 * changed, of another format, or of a newer version; when a parameter is NaN or infinite, or the declared model is larger than the weights
 * @example const { income } = (await load('people-model')).predict([{ age: 41, occupation: 'Sales' }]);
 */
export async function load<T extends Tasks = Tasks>(
  source: Source,
  options: Readonly<Record<never, never>> = {},
): Promise<MultiTaskModel<T>> {
  readOptions(options, {}, 'load'); // it has none
  const { read, place } = readerOf(source);
  const { document, tensors } = await unpackBundle(MODEL, read, place);
  const { config, random, packages } = checkModelDocument(document, `${MODEL} in ${place}`);
  const numbers = sum(Object.values(tensors), ({ data }) => data.length);
  requireFinite(Object.entries(tensors), `the model in ${place}`);
  let model: MultiTaskModel<T>;
  try {
    checkComponents(config, packages);
    const declaration = readOptions(config, modelOptions(), 'config') as unknown as ReadDeclaration<T>;
    checkFeatures(declaration.schema.features, 'config.schema.features');
    checkCounts(declaration, numbers);
    // a model of up to twice the size is built, so that writeParameters can say what differs
    model = new MultiTaskModel(declaration, 2 * numbers);
  } catch (error) {
    throw new PolytaskError(`The model in ${place} can't be built. ${(error as Error).message}`, { cause: error });
  }
  try {
    writeParameters(model.store, tensors, `weights.safetensors in ${place}`, { adopt: true });
    model.store.restoreStreams(random);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

const document = shaped({
  format: string,
  version: wholeNumber(1),
  config: record(anything),
  packages: optional(record(string)),
  random: record(wholeNumber(0)),
});

function checkModelDocument(value: unknown, what: string): ReadValue<typeof document> {
  const { format, version } = value as { format?: unknown; version?: unknown };
  if (format !== 'polytask-model') {
    throw new PolytaskError(`${what} is not a Polytask model: its format is ${JSON.stringify(format)}.`);
  }
  if (typeof version === 'number' && version > FORMAT) {
    throw new PolytaskError(`${what} has format version ${version}, this Polytask reads up to ${FORMAT}. Update it.`);
  }
  return readDocument(document, value, what);
}

export interface CountLimit {
  /** What the weights have: `numbers`, or `tensors` for parts that have tensors of their own. Default `numbers`. */
  readonly unit?: 'numbers' | 'tensors';
  /** Counts up to this one are taken in any case. Default 100,000: not every whole number of a declaration counts parts. */
  readonly harmless?: number;
}

/**
 * @throws PolytaskError for a model that declares more parts than its weights have numbers, such as a billion experts: their lists alone would
 * take all memory before the first parameter is compared. `schema` and `seed` count no parts
 */
export function checkCounts(
  config: object,
  size: number,
  { unit = 'numbers', harmless = 100_000 }: CountLimit = {},
): void {
  const most = Math.max(harmless, size);
  const visit = (value: unknown, path: string): void => {
    if (Number.isInteger(value) && (value as number) > most) {
      fail({
        expected: `${path} to be at most ${most.toLocaleString('en')}, as the weights have ${size.toLocaleString('en')} ${unit}`,
        received: String(value),
        fix: 'Copy the declaration and the weights again.',
      });
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  for (const [key, value] of Object.entries(config)) if (key !== 'schema' && key !== 'seed') visit(value, key);
}
