import { writeTo } from '#storage';
import type { MultiTaskModel } from '../model/model.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { packBundle, type BundleFiles } from './bundle.ts';
import { packagesOf } from './check-components.ts';
import { readParameters } from './parameters.ts';

/**
 * The number of the saved format; a reader refuses a higher one. 2: labels of a regression have a scale, without which a
 * reader of format 1 would predict standardized numbers.
 */
export const FORMAT = 2;

export const MODEL = 'model.json';

/**
 * A model as the bytes of its two files, `model.json` and `weights.safetensors`: for a download in a browser, or a store
 * of one's own. `load` takes them back.
 */
export async function toBytes<T extends Tasks>(model: MultiTaskModel<T>): Promise<BundleFiles> {
  const document = {
    format: 'polytask-model',
    version: FORMAT,
    config: model.config,
    packages: packagesOf(model.config),
    random: model.store.streamCounters(),
  };
  return packBundle(MODEL, { document, tensors: await readParameters(model.store) });
}

/**
 * Writes a model to a directory: `model.json` (declaration, feature encoding, tasks) and `weights.safetensors`. A model
 * that is there already is replaced as a whole or, when something stops the process, not at all.
 *
 * @example await save(model, 'people-model')
 */
export async function save<T extends Tasks>(model: MultiTaskModel<T>, directory: string): Promise<void> {
  await writeTo(directory, await toBytes(model));
}
