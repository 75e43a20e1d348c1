import { openFolder } from '@polytask/core';
import { renderHtml, renderText, type ReportDocument } from '@polytask/study';
import { Command } from 'commander';
import type { TogetherOptions } from '../together/which-together.ts';
import { accessIn, type AccessValues, withAccessOptions } from './access-options.ts';
import { argument, count, seeds, withTrainingOptions } from './arguments.ts';
import { INTERRUPTED, untilStopped } from './interruption.ts';
import { type Io, textOptions } from './io.ts';
import { progress } from './progress.ts';
import { refuseCsv } from './usage.ts';

/** What {@link pageCommand} runs and prints. */
interface PageOf<F> {
  readonly name: string;
  readonly description: string;
  /** The name of the page in `--out`. */
  readonly page: string;
  /** What `--json` prints. */
  readonly json: string;
  /** The command's other options are among the given ones. */
  readonly run: (options: TogetherOptions) => Promise<F>;
  readonly document: (found: F) => ReportDocument;
}

interface Values extends AccessValues, Omit<TogetherOptions, 'suite' | 'directory' | 'plugins' | 'access'> {
  data?: string;
  json?: boolean;
}

/** A command that compares models on a suite of one setting, prints a document, and writes it as a page beside the comparison. */
export const pageCommand = <F extends object>(
  io: Io,
  onExitCode: (code: number) => void,
  plugins: readonly string[],
  { name, description, page, json: printed, run, document: documentOf }: PageOf<F>,
): Command =>
  withTrainingOptions(withAccessOptions(new Command(name)))
    .description(description)
    .argument('<data>', 'the JSON file of a data set, or a suite of one setting')
    .option('--data <dir>', "where a suite's data is")
    .option('--seeds <seeds>', 'how many (10), a list (1,2,3) or a range (6-10) (default: 10)', argument(seeds))
    .option('--out <dir>', `write ${page}, and the comparison as polytask bench does; go on from what is there`)
    .option('--workers <n>', 'processes of the comparison', argument(count('--workers', 0)), 1)
    .option('--json', `${printed} as JSON on stdout, and nothing else`)
    .action(async (suite: string, { data, json, ...values }: Values, command: Command) => {
      const { access, others } = accessIn(values);
      refuseCsv(suite, command, (file) => `polytask ${name} ${file}`);
      const listener = progress(io.stderr);
      const options = { ...others, suite, directory: data, plugins, access, listener };
      const found = await untilStopped(
        (signal) => run({ ...options, signal }),
        () => {},
        io.interrupts,
      );
      if (!found) return onExitCode(INTERRUPTED);
      const document = documentOf(found);
      const report = { ...found, outcome: undefined, trials: undefined };
      io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderText(document, textOptions(io.stdout)));
      const { out } = others;
      if (out === undefined) return;
      await openFolder(out).write((writer) => writer.replace(page, renderHtml(document)));
      io.stderr.write(`Written: ${page}, and the comparison, in ${out}\n`);
    });
