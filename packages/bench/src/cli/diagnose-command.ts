import { Command } from 'commander';
import { type Invocation, textOptions, writeFound } from './io.ts';
import { engineOption, jsonOption } from './shared-options.ts';

/** `polytask diagnose people-model rows.csv` says why a saved model is bad. */
export const command = ({ stdout, plugins }: Invocation): Command =>
  new Command('diagnose')
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet')
    .addOption(engineOption())
    .addOption(jsonOption('the findings'))
    .action(async (folder: string, file: string, { json, engine }: { json?: boolean; engine: string }) => {
      const { diagnoseFolder, diagnosisDocument } = await import('../diagnose/diagnose-folder.ts');
      const { renderText } = await import('@polytask/study');
      const diagnosis = await diagnoseFolder(folder, file, { engine, plugins });
      const text = () => renderText(diagnosisDocument(folder, diagnosis), textOptions(stdout));
      writeFound({ stdout }, json, diagnosis, text);
    });
