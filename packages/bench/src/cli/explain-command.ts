import { fail } from '@polytask/components';
import type { Block } from '@polytask/study';
import { Command } from 'commander';
import type { ExplainFileOptions } from '../explain/explain.ts';
import { type Invocation, textOptions } from './io.ts';
import { argument, count } from './arguments.ts';
import {
  engineOption,
  forceOption,
  jsonOption,
  limitRowsOption,
  outOption,
  refuseReplacing,
  seedOption,
} from './shared-options.ts';

interface ExplainCommandOptions extends Omit<ExplainFileOptions, 'plugins' | 'signal'> {
  out?: string;
  force?: boolean;
  limitRows?: number;
  json?: boolean;
}

/** `polytask explain people-model rows.csv` says which experts and features a trained model uses. */
export const command = ({ stdout, stderr, plugins }: Invocation): Command =>
  new Command('explain')
    .argument('<model>', 'the folder of the model')
    .argument('<rows>', 'a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet')
    .option('--by <column>', 'compare the segments of this column')
    .option('--no-importance', 'only the fusion weights: the rows need no labels')
    .option('--repeats <n>', 'how often each feature is permuted (default: 5)', argument(count('--repeats')))
    .addOption(limitRowsOption('drawn at random (default: 5,000)'))
    .addOption(seedOption('the drawn rows and the permutations (default: 0)'))
    .addOption(engineOption())
    .addOption(outOption('file', 'the explanation as .html or .json').argParser(argument(outFile)))
    .addOption(forceOption())
    .addOption(jsonOption('the explanation'))
    .action(
      async (
        folder: string,
        file: string,
        { out, force, json, limitRows: rows, ...options }: ExplainCommandOptions,
      ) => {
        if (out !== undefined) refuseReplacing([out], force);
        const { explain } = await import('../explain/explain.ts');
        const { explanationDocument, renderHtml, renderText } = await import('@polytask/study');
        const { leftOutSentences } = await import('@polytask/study/internal');
        const { writeWhole } = await import('../text-files.ts');
        const explanation = await explain(folder, file, { ...options, rows, plugins });
        const asJson = `${JSON.stringify(explanation, null, 2)}\n`;
        const { blocks, ...titled } = explanationDocument(folder, explanation);
        const notes = leftOutSentences(explanation.leftOut);
        const document = { ...titled, blocks: [...blocks, ...notes.map(noteOf)] };
        stdout.write(json ? asJson : renderText(document, textOptions(stdout)));
        if (out === undefined) return;
        await writeWhole(out, out.endsWith('.json') ? asJson : renderHtml(document));
        stderr.write(`Written: ${out}\n`);
      },
    );

const noteOf = (sentence: string): Block => ({ kind: 'text', look: 'note', sentences: [sentence] });

function outFile(name: string): string {
  if (/\.(html|json)$/.test(name)) return name;
  return fail({
    expected: 'a file name that ends in .html or .json for --out',
    received: `"${name}"`,
    fix: `Pass --out ${name}.html.`,
  });
}
