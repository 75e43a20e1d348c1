import { anything, specText, readOptions, fail, mapValues, recordOf, type Options } from '@polytask/components';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { predictedColumns } from '@polytask/core/internal';
import { encode, profileRows, writeProfile, readProfile, writeTrainedModel } from '@polytask/data';
import { counted, formatShare, type SeenCount } from '@polytask/study';
import { calibrate, type FittedCalibration } from '@polytask/training';
import { noteCalibration } from '../model-folder.ts';
import { type EngineOptions, modelOptions } from '../run-options.ts';
import { withModelRows } from '../saved-model.ts';
import { CALIBRATION_CHOICES, type CalibrationChoices, calibrationIn } from '../train/calibration-choices.ts';
import { calibrationOptions } from '../train/calibration-choices.ts';

/** What a model's tasks have after a calibration. */
export interface CalibratedFolder {
  /** By task; one without anything is missing. */
  readonly tasks: Readonly<Record<string, FittedCalibration | undefined>>;
  /** How many rows the model was trained on, which had no effect. Empty if its folder doesn't say so. */
  readonly leftOut: readonly SeenCount[];
}

/** The options of {@link calibrateFolder}. */
export interface CalibrateFolderOptions extends CalibrationChoices, Pick<EngineOptions, 'engine' | 'plugins'> {
  readonly signal?: AbortSignal | undefined;
}

const allowed: Options<CalibrateFolderOptions> = { ...modelOptions, ...calibrationOptions, signal: anything };

/**
 * Calibrates a saved model on the rows of a file, and writes it to its folder again, at once. Its reports say that their
 * scores are of before. Rows that the model was trained on are left out. Its validation rows are not: a training calibrates on them, too.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file rows with labels that the model wasn't trained on: CSV, JSON, JSON lines or Parquet
 * @throws PolytaskError for a choice that doesn't fit the tasks, a missing column, training rows only, and rows
 * that are too few or have one label only
 * @example await calibrateFolder('people-model', 'validation.csv', { calibration: 'isotonic', threshold: 'f1' });
 */
export async function calibrateFolder(
  folder: string,
  file: string,
  options: CalibrateFolderOptions,
): Promise<CalibratedFolder> {
  readOptions(options, allowed, 'calibrate');
  const choices = calibrationIn(options);
  if (!choices)
    fail({
      expected: `one of ${CALIBRATION_CHOICES.join(', ')}`,
      received: 'none',
      fix: "Pass --calibration isotonic, --intervals 0.9 or --threshold f1, or in a program { calibration: 'isotonic' }.",
    });
  const read = { ...options, labels: true, leaveOut: 'training' } as const;
  return withModelRows(folder, file, read, async ({ model, rows: format, table, mode, leftOut }) => {
    const rows = encode(table, model.schema);
    const profile = await readProfile(folder);
    const before = mapValues(model.schema.tasks, ({ calibrated = {} }) => calibrated);
    const tasks = await calibrate(model, rows, { ...choices, engine: mode, signal: options.signal });
    const { tasks: after } = model.schema;
    const changed = Object.keys(after).filter(
      (name) => !isDeepStrictEqual(before[name], after[name]!.calibrated ?? {}),
    );
    if (changed.length === 0) return { tasks, leftOut };
    await writeTrainedModel(folder, model, format as unknown as Readonly<Record<string, unknown>>);
    if (profile) {
      // it belongs to the model as it is now
      const moved = changed.filter(
        (name) => !isDeepStrictEqual(before[name]!.calibration, after[name]!.calibrated?.calibration),
      );
      const { predictions } = moved.length > 0 ? await profileRows(model, table) : profile;
      const columns = moved.flatMap((name) => predictedColumns(after[name]!, name));
      const own = recordOf(columns, (name) => predictions[name]!);
      await writeProfile(folder, { ...profile, predictions: { ...profile.predictions, ...own } });
    }
    await noteCalibration(folder, model, `${counted(table.size, 'row')} of ${path.basename(file)}`);
    return { tasks, leftOut };
  });
}

/** A line for each task: `income: isotonic, 90.0% coverage, yes from 0.31 (f1)`. */
export const calibratedLines = (fitted: Readonly<Record<string, FittedCalibration | undefined>>): string[] =>
  Object.entries(fitted as Readonly<Record<string, FittedCalibration>>).map(
    ([task, { calibration, leftOut, interval, threshold }]) =>
      `${task}: ${[
        ...(calibration ? [calibration.name] : []),
        ...(leftOut ? [`uncalibrated, as ${leftOut.name} does not clearly lower the log loss of held-out rows`] : []),
        ...(interval ? [`${formatShare(interval.level)} coverage`] : []),
        ...(threshold
          ? [
              `yes from ${threshold.at.toPrecision(4)} (${specText(threshold.rule.name, threshold.rule.config as object as Record<string, unknown>)})`,
            ]
          : []),
      ].join(', ')}`,
  );
