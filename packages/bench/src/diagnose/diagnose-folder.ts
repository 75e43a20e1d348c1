import { readOptions, type Finding, type FromDescription, type Written } from '@polytask/components';
import type { BalancerSpec } from '@polytask/balancing';
import { encode, leaks, missingClasses, rawValues, readProfile, RowCounts } from '@polytask/data';
import { counted, leftOutSentences, shownAs, type ReportDocument, type SeenCount } from '@polytask/study';
import { diagnose } from '@polytask/training';
import { paragraph } from '../drift/drift-document.ts';
import { largeDrifts } from '../drift/drift-findings.ts';
import { modelOptions } from '../run-options.ts';
import { withModelRows } from '../saved-model.ts';
import { trialOf } from '../model-folder.ts';

/** The options of {@link diagnoseFolder}. */
export interface DiagnoseFolderOptions extends Written<typeof modelOptions>, FromDescription {}

/** What is wrong with a saved model, and with the rows that it was tried on. */
export interface Diagnosis {
  readonly rows: number;
  /** Each with a remedy in its message. First those of the rows, then those of the model. */
  readonly findings: readonly Finding[];
  /** Whether the rows were compared with those of the training: the folder has a `profile.json`. */
  readonly compared: boolean;
  /** How many rows the model was trained on, which had no effect. Empty if its folder doesn't say so. */
  readonly leftOut: readonly SeenCount[];
}

/**
 * Looks for reasons why a saved model is bad: leaks and missing classes in the rows, features that have drifted since the training, and
 * the findings of `diagnose`. The model stays the same. Rows that it was trained on are left out.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file rows with labels that the model wasn't trained on: CSV, JSON, JSON lines or Parquet
 * @throws PolytaskError for a folder without a whole model, a missing column, and a file without other rows than
 * those of the training
 * @example
 * const { findings } = await diagnoseFolder('people-model', 'test.csv');
 * findings.map(({ kind }) => kind); // ['shifted-values', 'auc-at-half']
 */
export async function diagnoseFolder(
  folder: string,
  file: string,
  options: DiagnoseFolderOptions = {},
): Promise<Diagnosis> {
  const read = { ...readOptions(options, modelOptions, 'diagnoseFolder'), labels: true, leaveOut: 'all' } as const;
  return withModelRows(folder, file, read, async ({ model, table, mode, leftOut }) => {
    const rows = encode(table, model.schema);
    const profile = await readProfile(folder);
    const counts = new RowCounts(model.schema, profile);
    counts.add({ batch: rows.arrays, raw: rawValues(table) });
    const balancing = (await trialOf(folder))?.config.model.balancing as BalancerSpec | undefined;
    const source = { model: folder, file };
    const diagnosis: Diagnosis = {
      rows: table.size,
      findings: [
        ...leaks(rows),
        ...missingClasses('test', rows),
        ...largeDrifts(counts.drift().features, source),
        ...(await diagnose(model, { test: rows }, { engine: mode, balancing, source })),
      ],
      compared: profile !== undefined,
      leftOut,
    };
    return shownAs(diagnosis, (each) => diagnosisDocument(folder, each));
  });
}

export function diagnosisDocument(folder: string, { rows, findings, compared, leftOut }: Diagnosis): ReportDocument {
  const answer =
    findings.length === 0
      ? 'Nothing was found. That is no proof of health: compare the scores with those of the training, by polytask evaluate.'
      : `${counted(findings.length, 'finding')}:`;
  const note = `The folder has no profile.json, so the rows weren't compared with those of the training.`;
  return {
    title: `${folder} on ${counted(rows, 'row')}`,
    blocks: [
      { kind: 'text', look: 'answer', sentences: [answer] },
      ...findings.map(({ message }) => paragraph(message, 'warning')),
      ...[...leftOutSentences(leftOut), ...(compared ? [] : [note])].map((sentence) => paragraph(sentence, 'note')),
    ],
  };
}
