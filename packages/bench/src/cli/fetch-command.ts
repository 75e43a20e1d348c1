import type { NamedEntry } from '@polytask/components';
import { Command } from 'commander';
import type { Invocation } from './io.ts';
import { row } from './arguments.ts';
import { outOption } from './shared-options.ts';

/** A data set that can be downloaded. */
interface Fetchable extends NamedEntry {
  /** The function of `@polytask/data` that fetches it. */
  fetch: 'fetchCensusIncome' | 'fetchKuairandPure';
}

const FETCHABLE: readonly Fetchable[] = [
  { name: 'census-income', description: 'UCI census-income (KDD), 9 MB, CC BY 4.0', fetch: 'fetchCensusIncome' },
  {
    name: 'kuairand-pure',
    description: 'KuaiRand-Pure, 5 MB, CC BY-SA 4.0; from a place that --url names',
    fetch: 'fetchKuairandPure',
  },
];

const NAMES = FETCHABLE.map(({ name }) => name).join(', ');

/** `polytask fetch census-income --out DIR` downloads a data set, checks its SHA-256, and writes whole files only. */
export const command = ({ stdout, stderr }: Invocation): Command =>
  new Command('fetch')
    .argument('<dataset>', NAMES, row(FETCHABLE, 'data set'))
    .addOption(outOption('dir', 'the files; those that are there and whole stay').makeOptionMandatory())
    .option('--url <url>', 'an archive, or a directory (ending in /) of the files, instead of the usual place')
    .action(async (dataset: Fetchable, { out, url }: { out: string; url?: string }) => {
      const onProgress = ({ received }: { received: number }) => {
        if (stderr.isTTY) stderr.write(`\r\u001b[K${(received / 1e6).toFixed(1)} MB`);
      };
      const data = await import('@polytask/data');
      const { downloaded, files } = await data[dataset.fetch](out, {
        onProgress,
        ...(url !== undefined && { url }),
      }).finally(() => {
        if (stderr.isTTY) stderr.write('\r\u001b[K');
      });
      stdout.write(`${downloaded ? 'Fetched' : 'Already there, and whole'}: ${files.join(', ')}\n`);
    });
