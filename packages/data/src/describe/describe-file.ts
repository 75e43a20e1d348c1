import { readOptions, PolytaskError } from '@polytask/core';
import { nameOf } from '../csv/open-source.ts';
import { readerOf } from '../readers/readers.ts';
import { DESCRIBE_OPTIONS } from './describe-csv.ts';
import { describeSample } from './describe-sample.ts';
import type { DescribeOptions, Description } from './description.ts';
import { labelCollector, labelsToRead } from './further-labels.ts';

/**
 * Describes a file as {@link describeCsv} describes a text: by the reader of its ending, else as a CSV. It reads all of
 * a CSV or of JSON lines, and keeps rows from all of it. It then reads all labels, so that no class is missing. Runs in browsers, too.
 *
 * @param source a path or `file:` URL (in Node), an `http:` URL, or a Blob
 * @param options `encoding`: UTF-16 by its byte order mark, else UTF-8, else windows-1252 by default
 * @throws PolytaskError as {@link describeCsv} does; also for a file that can't be read, is damaged, or has another encoding
 * @example
 * const { dataset, sample } = await describeFile('people.csv.gz');
 * sample.rows < sample.total; // true for a large file
 */
export async function describeFile(source: string | URL | Blob, options: DescribeOptions = {}): Promise<Description> {
  readOptions(options, DESCRIBE_OPTIONS, 'describeFile');
  const { tasks, split } = options;
  const own = nameOf(source, 'data.csv');
  const { files = own, name = own } = options;
  const reader = readerOf(files);
  const sample = await reader.sample(source, { ...options, name });
  const told = { files, name, tasks, split };
  const described = describeSample(sample, told);
  const labels = labelsToRead(described);
  if (!labels) return described;
  const collector = labelCollector(labels);
  try {
    for await (const table of (await reader.stream(source, { ...labels, name })).tables()) collector.add(table);
  } catch (error) {
    if (error instanceof PolytaskError) return described; // a warning says where rows can't be read
    throw error;
  }
  return describeSample(collector.addedTo(sample), told);
}
