import { checkOptions, fail } from '@polytask/core';
import { compressionOf, decodeText, decompress, rejoin } from '../csv/decode.ts';
import { openSource } from '../csv/open-source.ts';
import { isParquet } from '../dataset/row-format.ts';
import { DESCRIBE_OPTIONS } from './describe-csv.ts';
import { describeSample } from './describe-sample.ts';
import type { DescribeOptions, Description } from './description.ts';
import { csvSampler } from './sample-csv.ts';
import { sampleParquet } from './sample-parquet.ts';
import type { TableSample } from './table-sample.ts';

/**
 * Describes a file as {@link describeCsv} describes a text: a CSV, plain, gzip or brotli, or a Parquet file by its ending. It reads all of
 * a CSV, and keeps rows from all of it. Runs in browsers, too.
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
  const { tasks, rows } = options;
  const own = nameOf(source);
  const { files = own, name = own } = options;
  if (!isParquet(files, {})) {
    const { sample, encoding } = await sampleCsvFile(source, name, options);
    return describeSample(sample, { files, encoding, name, tasks });
  }
  const ofText = (['delimiter', 'header', 'encoding'] as const).find((option) => options[option] !== undefined);
  if (ofText !== undefined) {
    fail({ expected: `no ${ofText} for a Parquet file`, received: String(options[ofText]), mend: 'Leave it out.' });
  }
  return describeSample(await sampleParquet(source, name, rows), { files, encoding: 'utf-8', name, tasks });
}

function nameOf(source: string | URL | Blob): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.protocol === 'file:' ? decodeURIComponent(source.pathname) : source.href;
  return 'name' in source && typeof source.name === 'string' ? source.name : 'data.csv';
}

interface ReadSample {
  readonly sample: TableSample;
  readonly encoding: string;
}

/** Reads a file as UTF-8. If that fails, reads it again as windows-1252. */
async function sampleCsvFile(source: string | URL | Blob, name: string, options: DescribeOptions): Promise<ReadSample> {
  if (options.encoding !== undefined) return readSample(source, name, options);
  const notUtf8 = new Error('other bytes than UTF-8');
  const refuse = (): never => {
    throw notUtf8;
  };
  return readSample(source, name, options, refuse).catch((error: unknown) => {
    if (error === notUtf8) return readSample(source, name, { ...options, encoding: 'windows-1252' });
    throw error;
  });
}

async function readSample(
  source: string | URL | Blob,
  title: string,
  options: DescribeOptions,
  refuse?: () => never,
): Promise<ReadSample> {
  const { name, unpacked, bytes } = await openSource(source);
  const compression = unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title));
  const pieces = decompress(bytes, compression, title);
  const first = await pieces.next();
  const encoding = options.encoding ?? byteOrder(first.value) ?? 'utf-8';
  const sampler = csvSampler(title, options);
  for await (const text of decodeText(rejoin(first, pieces), encoding, title, refuse)) sampler.push(text);
  return { sample: sampler.end(), encoding };
}

/** UTF-16 by its byte order mark. */
function byteOrder(piece: Uint8Array | string | void): string | undefined {
  if (typeof piece !== 'object') return undefined;
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
  return piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : undefined;
}
