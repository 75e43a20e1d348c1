import { type Finding, optional, readOptions, text, type Options } from '@polytask/components';
import { fail, type MultiTaskModel } from '@polytask/core';
import {
  encode,
  profileRows,
  sampleStream,
  type RowDrift,
  type RowFormat,
  rawValues,
  readProfile,
  RowCounts,
  rowStream,
} from '@polytask/data';
import { openPredictor } from '@polytask/serving';
import { type EngineOptions, unchecked } from '../run-options.ts';
import { drifted, driftOf } from './drift-findings.ts';
import { type FileReading, readAs, withModel } from '../saved-model.ts';

/** The options of {@link measureDrift}. */
export interface MeasureDriftOptions extends FileReading, Pick<EngineOptions, 'engine' | 'plugins'> {
  /** A file of rows to compare with, such as those of last month. Default: the rows that the model was trained on. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How rows differ from those that a model was trained on. */
export interface Drift extends RowDrift {
  readonly rows: number;
  /** The file that the rows were compared with; undefined for the rows of the training. */
  readonly reference: string | undefined;
  /** The likely reasons of drifted features. */
  readonly findings: readonly Finding[];
}

const allowed: Options<MeasureDriftOptions> = {
  reference: optional(text),
  ...unchecked('csv', 'format', 'engine', 'plugins', 'signal'),
};

const SAMPLE = 20_000;

/**
 * Measures how the rows of a file differ from those that a model was trained on: missing and unseen values, and the distribution of each
 * feature and of the predictions. The rows need no labels, and the file may be larger than memory.
 *
 * @param folder the folder of a trained model
 * @param file rows like the training rows: CSV, JSON, JSON lines or Parquet
 * @throws PolytaskError for a model without a profile and no `reference`, a missing column, and a cell that doesn't fit
 * @example
 * const { features } = await measureDrift('people-model', 'march.csv');
 * features.filter(({ verdict }) => verdict === 'large').map(({ name }) => name); // ['age']
 */
export async function measureDrift(folder: string, file: string, options: MeasureDriftOptions = {}): Promise<Drift> {
  readOptions(options, allowed, 'measureDrift');
  const { reference, signal } = options;
  return withModel(folder, options, async ({ model, rows: trained }) => {
    const format = readAs(trained, options);
    const counts = new RowCounts(model.schema, await profileOf(folder, model, format, reference));
    const predictor = await openPredictor(model);
    try {
      for await (const table of (await rowStream(file, format)).tables()) {
        signal?.throwIfAborted();
        const batch = encode(table, model.schema).arrays;
        counts.add({ batch, raw: rawValues(table) });
        counts.addPredictions(await predictor.predict(batch));
      }
    } finally {
      await predictor.dispose();
    }
    const drift = counts.drift();
    return { rows: counts.rows, reference, ...drift, findings: drifted(drift.features).flatMap(driftOf) };
  });
}

async function profileOf(folder: string, model: MultiTaskModel, format: RowFormat, reference: string | undefined) {
  if (reference !== undefined) {
    const { table } = await sampleStream(await rowStream(reference, format), { size: SAMPLE });
    return profileRows(model, table);
  }
  return (
    (await readProfile(folder)) ??
    fail({
      expected: `profile.json of this model in ${folder}, which "polytask train" writes`,
      received: 'none',
      fix: 'Pass rows to compare with: --reference old.csv, or in a program { reference }.',
    })
  );
}
