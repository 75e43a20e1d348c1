import { fail } from '@polytask/core';
import { explanationDocument, renderHtml, renderText } from '@polytask/study';
import { Command } from 'commander';
import { explain, type ExplainFileOptions } from '../explain/explain.ts';
import { writeWhole } from '../text-files.ts';
import { argument, count, engineOption } from './arguments.ts';
import { type Io, textOptions } from './io.ts';

interface ExplainCommandOptions extends Omit<ExplainFileOptions, 'plugins' | 'signal'> {
  out?: string;
  json?: boolean;
}

/** `polytask explain people-model rows.csv` says which experts and features a trained model draws on. */
export const explainCommand = ({ stdout, stderr }: Io, plugins: readonly string[] = []): Command =>
  new Command('explain')
    .description('say which experts and features a trained model draws on, for the rows of a file')
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON lines or Parquet')
    .option('--by <column>', 'compare the segments of this column')
    .option('--no-importance', 'only the fusion weights: the rows need no labels')
    .option('--repeats <n>', 'how often each feature is permuted (default: 5)', argument(count('--repeats')))
    .option('--rows <n>', 'at most so many rows, drawn at random (default: 5,000)', argument(count('--rows')))
    .option('--seed <n>', 'of the drawn rows and the permutations (default: 0)', argument(count('--seed', 0)))
    .addOption(engineOption())
    .option('--out <file>', 'also write the explanation here: .html or .json', argument(outFile))
    .option('--json', 'the explanation as JSON on stdout, and nothing else')
    .action(async (folder: string, file: string, { out, json, ...options }: ExplainCommandOptions) => {
      const explanation = await explain(folder, file, { ...options, plugins });
      const asJson = `${JSON.stringify(explanation, null, 2)}\n`;
      const document = explanationDocument(folder, explanation);
      stdout.write(json ? asJson : renderText(document, textOptions(stdout)));
      if (out === undefined) return;
      await writeWhole(out, out.endsWith('.json') ? asJson : renderHtml(document));
      stderr.write(`Written: ${out}\n`);
    });

function outFile(name: string): string {
  if (/\.(html|json)$/.test(name)) return name;
  return fail({
    expected: 'a file name that ends in .html or .json for --out',
    received: `"${name}"`,
    mend: `Pass --out ${name}.html.`,
  });
}
