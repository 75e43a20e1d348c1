import { counted } from '@polytask/study';
import { Command } from 'commander';
import { mergeResults } from '../trials/merge-results.ts';
import type { Io } from './io.ts';
import { writeOutcomeTo } from './outcome.ts';
import { outOption } from './shared-options.ts';

/** The exit code when trials are missing. */
const INCOMPLETE = 1;

/** `polytask merge DIR… --out DIR` puts the parts of a study together. @param onExitCode receives 1 if trials are missing */
export const mergeCommand = (io: Io, onExitCode: (code: number) => void): Command =>
  new Command('merge')
    .argument('<dirs...>', "the parts' --out directories")
    .addOption(
      outOption(
        'dir',
        'results.jsonl and a report of the whole study; continues from what is there',
      ).makeOptionMandatory(),
    )
    .action(async (directories: string[], { out }: { out: string }) => {
      const { outcome, missing } = await mergeResults(directories, out);
      writeOutcomeTo(io, outcome, { out });
      if (missing.length === 0) return;
      const first = missing.slice(0, 5).map(({ setting, model, seed }) => `${setting} ${model}, seed ${seed}`.trim());
      io.stderr.write(
        `${counted(missing.length, 'trial')} of the plan missing: ${first.join('; ')}${missing.length > 5 ? '; …' : ''}. ` +
          `Run their shards again, or the same polytask bench with --out ${out}.\n`,
      );
      onExitCode(INCOMPLETE);
    });
