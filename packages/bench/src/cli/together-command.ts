import { openFolder } from '@polytask/core';
import { renderHtml, renderText, togetherDocument } from '@polytask/study';
import { Command } from 'commander';
import { whichTogether, type TogetherOptions } from '../together/which-together.ts';
import { accessIn, type AccessValues, withAccessOptions } from './access-options.ts';
import { argument, count, seeds, withTrainingOptions } from './arguments.ts';
import { INTERRUPTED, untilStopped } from './interruption.ts';
import { type Io, textOptions } from './io.ts';
import { progress } from './progress.ts';
import { refuseCsv } from './usage.ts';

interface Values extends AccessValues, Omit<TogetherOptions, 'suite' | 'directory' | 'plugins' | 'access'> {
  data?: string;
  json?: boolean;
}

/** `polytask which-together people.json` groups tasks by their gradients, and tests the groups. */
export const togetherCommand = (io: Io, onExitCode: (code: number) => void, plugins: readonly string[] = []): Command =>
  withTrainingOptions(withAccessOptions(new Command('which-together')))
    .description('say which tasks should share layers: by their gradients, and by a comparison of the groups')
    .argument('<data>', 'the JSON file of a data set, or a suite of one setting')
    .option('--data <dir>', "where a suite's data is")
    .option('--seeds <seeds>', 'how many (10), a list (1,2,3) or a range (6-10) (default: 10)', argument(seeds))
    .option('--out <dir>', 'write together.html, and the comparison as polytask bench does; go on from what is there')
    .option('--workers <n>', 'processes of the comparison', argument(count('--workers', 0)), 1)
    .option('--json', 'the pairs and groups as JSON on stdout, and nothing else')
    .action(async (suite: string, { data, json, ...values }: Values, command: Command) => {
      const { access, others } = accessIn(values);
      refuseCsv(suite, command, (file) => `polytask which-together ${file}`);
      const listener = progress(io.stderr);
      const options = { ...others, suite, directory: data, plugins, access, listener };
      const found = await untilStopped(
        (signal) => whichTogether({ ...options, signal }),
        () => {},
        io.interrupts,
      );
      if (!found) return onExitCode(INTERRUPTED);
      const { outcome: _, trials, ...report } = found;
      const document = togetherDocument({ ...report, trials });
      io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderText(document, textOptions(io.stdout)));
      const { out } = others;
      if (out === undefined) return;
      await openFolder(out).write((writer) => writer.replace('together.html', renderHtml(document)));
      io.stderr.write(`Written: together.html, and the comparison, in ${out}\n`);
    });
