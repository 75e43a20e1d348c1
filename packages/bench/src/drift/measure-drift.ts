import { anything, fail, optional, readOptions, text } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import {
  encode,
  fileReading,
  profileRows,
  rawValues,
  readProfile,
  RowCounts,
  rowStream,
  sampleStream,
} from '@polytask/data';
import { openPredictor } from '@polytask/serving';
import { shownAs } from '@polytask/study';
import { modelOptions } from '../run-options.ts';
import { type Drift, driftDocument } from './drift-document.ts';
import { driftFindings } from './drift-findings.ts';
import { withModel } from '../saved-model.ts';

const description = {
  /** A file of rows to compare with, such as those of last month. Default: the rows that the model was trained on. */
  reference: optional(text),
  signal: optional(anything as Option<AbortSignal>),
  ...{ ...fileReading, ...modelOptions },
};

/** The options of {@link measureDrift}. */
export interface MeasureDriftOptions extends Written<typeof description>, FromDescription {}

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
  const { reference, signal, format, csv, ...use } = readOptions(options, description, 'measureDrift');
  return withModel(folder, use, async ({ model, rows: trained }) => {
    const rowsOf = (name: string) => rowStream(name, trained, { format, csv });
    const sample = reference === undefined ? undefined : await sampleStream(await rowsOf(reference), { size: SAMPLE });
    const profile = sample ? await profileRows(model, sample.table) : await readProfile(folder);
    if (!profile)
      return fail({
        expected: `profile.json of this model in ${folder}, which "polytask train" writes`,
        received: 'none',
        fix: 'Pass rows to compare with: --reference old.csv, or in a program { reference }.',
      });
    const counts = new RowCounts(model.schema, profile);
    const predictor = await openPredictor(model);
    try {
      for await (const table of (await rowsOf(file)).tables()) {
        signal?.throwIfAborted();
        const batch = encode(table, model.schema).arrays;
        counts.add({ batch, raw: rawValues(table) });
        counts.addPredictions(await predictor.predict(batch));
      }
    } finally {
      await predictor.dispose();
    }
    const drift = counts.drift();
    const findings = driftFindings(drift, { model: folder, file });
    const found = { rows: counts.rows, reference, ...drift, findings };
    return shownAs(found, (each) => driftDocument(folder, each));
  });
}
