import { fail } from '@polytask/components';
import type { TableSample } from './table-sample.ts';

/**
 * The sample of several files as of one table. Of a sampled file, others give up rows, so that each file has its share.
 *
 * @param samples one or more
 * @param names those of the files, for errors
 * @throws PolytaskError for files with other columns, or of another format: a data set file has one format for all of its files
 */
export function joinSamples(samples: readonly TableSample[], names: readonly string[]): TableSample {
  const [first, ...others] = samples as [TableSample, ...TableSample[]];
  const columns = first.columns.map(({ name }) => name);
  others.forEach((other, i) => {
    const own = other.columns.map(({ name }) => name);
    const [missing, further] = [
      columns.filter((name) => !own.includes(name)),
      own.filter((name) => !columns.includes(name)),
    ];
    if (missing.length + further.length > 0)
      fail({
        expected: `the columns of ${names[0]} in ${names[i + 1]}`,
        received: [
          ...(missing.length > 0 ? [`none named ${missing.join(', ')}`] : []),
          ...(further.length > 0 ? [`further ones named ${further.join(', ')}`] : []),
        ].join(', and '),
        fix: 'Describe files of one table together, and others one by one.',
      });
    const [format, its] = [first, other].map(formatOf);
    if (format !== its)
      fail({
        expected: `the format of ${names[0]} (${format}) in ${names[i + 1]}`,
        received: its!,
        fix: 'Pass the delimiter, the header and the encoding if a guess is wrong, or save the files alike.',
      });
  });
  const share = Math.min(...samples.map(({ size, total }) => size / total));
  const parts = samples.map((sample) => ({ sample, rows: everySoMany(sample.size, Math.ceil(share * sample.total)) }));
  const isSkipped = samples.some(({ csv }) => csv?.skipBadRows);
  return {
    ...first,
    columns: first.columns.map((column) => ({
      ...column,
      values: parts.flatMap(({ sample, rows }) => {
        const { values } = sample.columns.find(({ name }) => name === column.name)!;
        return rows.map((row) => values[row]!);
      }),
    })),
    size: parts.reduce((size, { rows }) => size + rows.length, 0),
    total: samples.reduce((total, sample) => total + sample.total, 0),
    csv: first.csv && { ...first.csv, ...(isSkipped && { skipBadRows: true }) },
    warnings: samples.flatMap(({ warnings }) => warnings),
  };
}

/** What a data set file says once for all of its files, and how their columns are stored. */
function formatOf({ csv, encoding, columns }: TableSample): string {
  if (!csv)
    return `with types: ${JSON.stringify(Object.fromEntries(columns.map(({ name, stored }) => [name, stored]).sort()))}`;
  const { skipBadRows: _, ...format } = csv;
  return JSON.stringify({ ...format, encoding });
}

/** Some places of so many, at equal distances. */
const everySoMany = (size: number, count: number): number[] =>
  Array.from({ length: Math.min(size, count) }, (_, i) => Math.floor((i * size) / Math.min(size, count)));
