import path from 'node:path';
import { Command } from 'commander';
import { type Invocation, textOptions } from './io.ts';
import { baselineOption, forceOption, outOption, refuseReplacing } from './shared-options.ts';

interface Options {
  baseline?: string;
  configuration?: string;
  out?: string;
  force?: boolean;
}

/** `polytask leaderboard DIR…` compares configurations over the data sets of several directories. */
export const command = ({ stdout, stderr }: Invocation): Command =>
  new Command('leaderboard')
    .argument('<dirs...>', 'the --out directories of polytask bench')
    .addOption(baselineOption('gradient-boosting'))
    .option(
      '--configuration <name>',
      'one to compare everywhere: "adatt (members)" (default: the best by validation rows)',
    )
    .addOption(outOption('dir', 'leaderboard.md and leaderboard.html'))
    .addOption(forceOption())
    .action(async (directories: string[], { out, force, ...options }: Options) => {
      if (out !== undefined) refuseReplacing([path.join(out, 'leaderboard.html')], force);
      const { dataSetsDocument, renderHtml, renderMarkdown, renderText } = await import('@polytask/study');
      const { readResults } = await import('../trials/results-file.ts');
      const read = async (from: string) => ({ from, trials: await readResults(from) });
      const document = dataSetsDocument(await Promise.all(directories.map(read)), options);
      stdout.write(renderText(document, textOptions(stdout)));
      if (out === undefined) return;
      const { openFolder } = await import('@polytask/core');
      await openFolder(out).write(async (writer) => {
        await writer.replace('leaderboard.md', renderMarkdown(document));
        await writer.replace('leaderboard.html', renderHtml(document));
      });
      stderr.write(`Written: leaderboard.md and leaderboard.html in ${out}\n`);
    });
