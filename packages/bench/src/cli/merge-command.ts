import { Command } from 'commander';
import type { Invocation } from './io.ts';
import { outOption } from './shared-options.ts';

/** The exit code when trials are missing. */
const INCOMPLETE = 1;

/** `polytask merge DIR… --out DIR` puts the parts of a study together. The exit code is 1 if trials are missing. */
export const command = (invocation: Invocation): Command =>
  new Command('merge')
    .argument('<dirs...>', "the parts' --out directories")
    .addOption(
      outOption(
        'dir',
        'results.jsonl and a report of the whole study; continues from what is there',
      ).makeOptionMandatory(),
    )
    .action(async (directories: string[], { out }: { out: string }) => {
      const { mergeResults } = await import('../trials/merge-results.ts');
      const { writeOutcomeTo } = await import('./outcome.ts');
      const { counted } = await import('@polytask/study');
      const { outcome, missing } = await mergeResults(directories, out);
      writeOutcomeTo(invocation, outcome, { out });
      if (missing.length === 0) return;
      const first = missing.slice(0, 5).map(({ setting, model, seed }) => `${setting} ${model}, seed ${seed}`.trim());
      invocation.stderr.write(
        `${counted(missing.length, 'trial')} of the plan missing: ${first.join('; ')}${missing.length > 5 ? '; …' : ''}. ` +
          `Run their shards again, or the same polytask bench with --out ${out}.\n`,
      );
      invocation.exit(INCOMPLETE);
    });
