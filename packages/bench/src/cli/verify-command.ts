import { optional, positive, text, wholeNumber } from '@polytask/components';
import type { VerifiedTrial } from '../verify/verify-results.ts';
import { argument, defineCommand, option } from './command.ts';
import { untilStopped } from './interruption.ts';
import { accessOptions, dataOption, limitRowsOption, withAccess } from './shared-options.ts';

/** The exit code when a trial gave other metrics. */
const DIFFERENT = 1;

/** `polytask verify DIR` repeats some trials of a directory. The exit code is 1 if one differs, 130 after Ctrl-C. */
export const command = defineCommand({
  options: {
    dir: argument('the --out directory of polytask bench', text),
    suite: argument("the suite of the results, by its name or file (default: the results' own name)", optional(text)),
    data: dataOption(),
    limitRows: limitRowsOption('as many as in the run'),
    trials: option('<n>', 'how many to repeat', optional(wholeNumber(1), 3)),
    tolerance: option('<x>', 'the largest difference of a metric that still agrees', optional(positive, 1e-3)),
    ...accessOptions,
  },
  async run({ dir, data: directory, tolerance, ...values }, invocation) {
    const { stdout, stderr, plugins, exit } = invocation;
    const { formatSpan } = await import('@polytask/study/internal');
    const { agrees, verifiedText, verifyResults } = await import('../verify/verify-results.ts');
    const start = performance.now();
    const onTrial = (verified: VerifiedTrial) => void stdout.write(`${verifiedText(verified, tolerance)}\n`);
    const options = { ...withAccess(values), directory, plugins, onTrial };
    const verified = await untilStopped(invocation, (signal) => verifyResults(dir, { ...options, signal }));
    if (!verified) return;
    const agreed = verified.filter((each) => agrees(each, tolerance)).length;
    const seconds = (performance.now() - start) / 1000;
    stdout.write(`${agreed} of ${verified.length} trials agree, ${formatSpan(seconds)}\n`);
    for (const [name, [before, now]] of Object.entries(
      Object.assign({}, ...verified.map(({ versions }) => versions)) as VerifiedTrial['versions'],
    ))
      stderr.write(`${name} is ${now} here, and was ${before}.\n`);
    if (agreed < verified.length) exit(DIFFERENT);
  },
});
