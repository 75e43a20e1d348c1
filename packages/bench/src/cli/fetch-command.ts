import { optional, text } from '@polytask/components';
import { argument, defineCommand, option } from './command.ts';
import { entryOf, outOption } from './shared-options.ts';

/** The data sets that can be downloaded, with the functions of `@polytask/data` that fetch them. */
const FETCHABLE = [
  { name: 'census-income', fetch: 'fetchCensusIncome' }, // 9 MB, CC BY 4.0
  { name: 'kuairand-pure', fetch: 'fetchKuairandPure' }, // 5 MB, CC BY-SA 4.0; from a place that --url names
] as const;

/** `polytask fetch census-income --out DIR` downloads a data set, checks its SHA-256, and writes whole files only. */
export const command = defineCommand({
  options: {
    dataset: argument(FETCHABLE.map(({ name }) => name).join(', '), entryOf(FETCHABLE, 'data set')),
    out: outOption('dir', 'the files; those that are there and whole stay', text),
    url: option(
      '<url>',
      'an archive, or a directory (ending in /) of the files, instead of the usual place',
      optional(text),
    ),
  },
  async run({ dataset, out, ...place }, { stdout, stderr }) {
    const wipe = () => void (stderr.isTTY && stderr.write('\r\u001b[K'));
    const onProgress = ({ received }: { received: number }) => {
      wipe();
      if (stderr.isTTY) stderr.write(`${(received / 1e6).toFixed(1)} MB`);
    };
    const data = await import('@polytask/data');
    const { downloaded, files } = await data[dataset.fetch](out, { onProgress, ...place }).finally(wipe);
    stdout.write(`${downloaded ? 'Fetched' : 'Already there, and whole'}: ${files.join(', ')}\n`);
  },
});
