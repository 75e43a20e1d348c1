import { checkOptions } from '@polytask/core';
import { nameOf } from '../csv/open-source.ts';
import { readerOf } from '../readers/readers.ts';
import { DESCRIBE_OPTIONS } from './describe-csv.ts';
import { describeSample } from './describe-sample.ts';
import type { DescribeOptions, Description } from './description.ts';

/**
 * Describes a file as {@link describeCsv} describes a text: by the reader of its ending, else as a CSV. It reads all of
 * a CSV or of JSON lines, and keeps rows from all of it. Runs in browsers, too.
 *
 * @param source a path or `file:` URL (in Node), an `http:` URL, or a Blob
 * @param options `encoding`: UTF-16 by its byte order mark, else UTF-8, else windows-1252 by default
 * @throws PolytaskError as {@link describeCsv} does; also for a file that can't be read, is damaged, or has another encoding
 * @example
 * const { dataset, sample } = await describeFile('people.csv.gz');
 * sample.rows < sample.total; // true for a large file
 */
export async function describeFile(source: string | URL | Blob, options: DescribeOptions = {}): Promise<Description> {
  checkOptions(options, DESCRIBE_OPTIONS, 'describeFile');
  const { tasks, split } = options;
  const own = nameOf(source, 'data.csv');
  const { files = own, name = own } = options;
  const sample = await readerOf(files).sample(source, { ...options, name });
  return describeSample(sample, { files, name, tasks, split });
}
