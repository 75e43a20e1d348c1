import { openFolder } from '@polytask/core';
import { renderHtml, renderText, type ReportDocument } from '@polytask/study';
import { Command } from 'commander';
import type { TogetherOptions } from '../together/which-together.ts';
import {
  accessIn,
  type AccessValues,
  withAccessOptions,
  dataOption,
  forceOption,
  jsonOption,
  outOption,
  seedsOption,
  workersOption,
} from './shared-options.ts';
import { untilStopped } from './interruption.ts';
import { type Invocation, textOptions, writeFound } from './io.ts';
import { ownDataDefaults, withTrainingOptions } from './training-options.ts';
import { progress } from './progress.ts';
import { refuseCsv } from './arguments.ts';

/** What {@link pageCommand} runs and prints. */
interface PageOf<F> {
  readonly name: string;
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
  invocation: Invocation,
  { name, page, json: printed, run, document: documentOf }: PageOf<F>,
): Command =>
  withAccessOptions(withTrainingOptions(new Command(name)))
    .argument('<data>', 'the JSON file of a data set, or a suite of one setting')
    .addOption(dataOption())
    .addOption(seedsOption(' (default: 10)'))
    .addOption(outOption('dir', `${page}, and the comparison as polytask bench does; continues from what is there`))
    .addOption(forceOption('the trials of this run'))
    .addOption(workersOption('a trial of the comparison each at a time; 0: no other process').default(1))
    .addOption(jsonOption(printed))
    .addHelpText('after', () => ownDataDefaults('people.json'))
    .action(async (suite: string, { data, json, ...values }: Values, command: Command) => {
      const { access, others } = accessIn(values);
      refuseCsv(suite, command, (file) => `polytask ${name} ${file}`);
      const { stdout, stderr, plugins } = invocation;
      const listener = progress(stderr);
      const options = { ...others, suite, directory: data, plugins, access, listener };
      const found = await untilStopped(invocation, (signal) =>
        run({ ...options, signal }).finally(() => listener.end()),
      );
      if (!found) return;
      const document = documentOf(found);
      const report = { ...found, outcome: undefined, trials: undefined };
      writeFound(invocation, json, report, () => renderText(document, textOptions(stdout)));
      const { out } = others;
      if (out === undefined) return;
      await openFolder(out).write((writer) => writer.replace(page, renderHtml(document)));
      stderr.write(`Written: ${page}, and the comparison, in ${out}\n`);
    });
