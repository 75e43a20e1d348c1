import { Command } from 'commander';
import type { VerifiedTrial } from '../verify/verify-results.ts';
import { accessIn, type AccessValues, withAccessOptions, dataOption, limitRowsOption } from './shared-options.ts';
import { untilStopped } from './interruption.ts';
import type { Invocation } from './io.ts';
import { argument, count, positive } from './arguments.ts';

interface Options extends AccessValues {
  data?: string;
  limitRows?: number;
  trials: number;
  tolerance: number;
}

/** The exit code when a trial gave other metrics. */
const DIFFERENT = 1;

/** `polytask verify DIR` repeats some trials of a directory. The exit code is 1 if one differs, 130 after Ctrl-C. */
export const command = (invocation: Invocation): Command =>
  withAccessOptions(new Command('verify'))
    .argument('<dir>', 'the --out directory of polytask bench')
    .argument('[suite]', "the suite of the results, by its name or file (default: the results' own name)")
    .addOption(dataOption())
    .addOption(limitRowsOption('as many as in the run'))
    .option('--trials <n>', 'how many to repeat', argument(count('--trials')), 3)
    .option(
      '--tolerance <x>',
      'the largest difference of a metric that still agrees',
      argument(positive('--tolerance')),
      1e-3,
    )
    .action(async (directory: string, suite: string | undefined, values: Options) => {
      const { access, others } = accessIn(values);
      const { data, tolerance, ...options } = others;
      const { stdout, stderr, plugins, exit } = invocation;
      const { formatSpan } = await import('@polytask/study/internal');
      const { agrees, verifiedText, verifyResults } = await import('../verify/verify-results.ts');
      const start = performance.now();
      const onTrial = (verified: VerifiedTrial) => void stdout.write(`${verifiedText(verified, tolerance)}\n`);
      const run = (signal: AbortSignal) =>
        verifyResults(directory, { ...options, suite, directory: data, plugins, access, onTrial, signal });
      const verified = await untilStopped(invocation, run);
      if (!verified) return;
      const agreed = verified.filter((each) => agrees(each, tolerance)).length;
      const seconds = (performance.now() - start) / 1000;
      stdout.write(`${agreed} of ${verified.length} trials agree, ${formatSpan(seconds)}\n`);
      for (const [name, [before, now]] of Object.entries(
        Object.assign({}, ...verified.map(({ versions }) => versions)) as VerifiedTrial['versions'],
      ))
        stderr.write(`${name} is ${now} here, and was ${before}.\n`);
      if (agreed < verified.length) exit(DIFFERENT);
    });
