import { readOptions, fail } from '@polytask/components';
import { requireFinite, readParameters } from './parameters.ts';
import { streamCounters } from '../parameters/parameter-store.ts';
import type { MultiTaskModel } from '../model/model.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { openFolder, packBundle, writeBundle, type Bundle, type BundleFiles } from '../storage/index.ts';
import { packagesOf } from './check-components.ts';

export const FORMAT = 1;

export const MODEL = 'model.json';

/**
 * The bytes of the two files of a model, for a download in a browser, or for your own storage. `load` accepts the result.
 *
 * @throws PolytaskError when a parameter is NaN or infinite
 * @example const copy = await load(await toBytes(model));
 */
export async function toBytes<T extends Tasks>(model: MultiTaskModel<T>): Promise<BundleFiles> {
  return packBundle(MODEL, await bundleOf(model));
}

async function bundleOf<T extends Tasks>({ config, store }: MultiTaskModel<T>): Promise<Bundle> {
  const tensors = await readParameters(store);
  requireFinite(Object.entries(tensors), 'the model to save');
  const document = {
    format: 'polytask-model',
    version: FORMAT,
    config,
    packages: packagesOf(config),
    random: streamCounters(store),
  };
  return { document, tensors };
}

/**
 * Writes a model to a directory, or in a browser to `indexeddb://…` or `opfs://…`. The files are `model.json` (declaration,
 * feature encoding, tasks) and `weights.safetensors`. It replaces an earlier model atomically, and other processes may load the model
 * meanwhile, or save to the same directory. Tables with sparse updates are written from their own memory: train on afterwards.
 *
 * @throws PolytaskError for the folder of a model of `polytask train`, whose other files describe that model; for one whose
 * `weights.safetensors` are not a model's; and when a parameter is NaN or infinite. An earlier model in the directory stays
 * @throws PolytaskError in a browser for another address; {@link toBytes} gives files for a download
 * @example await save(model, 'people-model')
 */
export async function save<T extends Tasks>(
  model: MultiTaskModel<T>,
  directory: string,
  options: Readonly<Record<never, never>> = {},
): Promise<void> {
  readOptions(options, {}, 'save'); // it has none
  const { read } = openFolder(directory);
  const rows = new TextDecoder().decode(await read('dataset.json'));
  if (rows.includes('"schema":') || (await read('scores.json'))) {
    fail({
      expected: `a folder without the model of a training, as ${directory} has`,
      received: rows === '' ? 'scores.json' : 'dataset.json',
      fix: 'Save to another folder, or remove this one first. Its other files describe the model that was trained.',
    });
  }
  await saveAmong(model, directory);
}

/** As {@link save}, for a caller that writes the other files of a trained model, too. */
export const saveAmong = async <T extends Tasks>(model: MultiTaskModel<T>, directory: string): Promise<void> =>
  writeBundle(directory, MODEL, await bundleOf(model));
