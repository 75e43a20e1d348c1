import { counted, renderText, type ReportDocument } from '@polytask/study';
import { leftOutSentences } from '@polytask/study/internal';
import { Command } from 'commander';
import { diagnoseFolder, type Diagnosis } from '../diagnose/diagnose-folder.ts';
import { type Io, textOptions } from './io.ts';
import { engineOption, jsonOption } from './shared-options.ts';

/** `polytask diagnose people-model rows.csv` says why a saved model is bad. */
export const diagnoseCommand = ({ stdout }: Io, plugins: readonly string[] = []): Command =>
  new Command('diagnose')
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet')
    .addOption(engineOption())
    .addOption(jsonOption('the findings'))
    .action(async (folder: string, file: string, { json, engine }: { json?: boolean; engine: string }) => {
      const diagnosis = await diagnoseFolder(folder, file, { engine, plugins });
      stdout.write(
        json
          ? `${JSON.stringify(diagnosis, null, 2)}\n`
          : renderText(diagnosisDocument(folder, diagnosis), textOptions(stdout)),
      );
    });

function diagnosisDocument(folder: string, { rows, findings, compared, leftOut }: Diagnosis): ReportDocument {
  const answer =
    findings.length === 0
      ? 'Nothing was found. That is no proof of health: compare the scores with those of the training, by polytask drift.'
      : `${counted(findings.length, 'finding')}:`;
  const note = `The folder has no profile.json, so the rows weren't compared with those of the training.`;
  return {
    title: `${folder} on ${counted(rows, 'row')}`,
    blocks: [
      { kind: 'text', look: 'answer', sentences: [answer] },
      ...findings.map(({ message }) => ({ kind: 'text', look: 'warning', sentences: [message] }) as const),
      ...[...leftOutSentences(leftOut), ...(compared ? [] : [note])].map(
        (sentence) => ({ kind: 'text', look: 'note', sentences: [sentence] }) as const,
      ),
    ],
  };
}
