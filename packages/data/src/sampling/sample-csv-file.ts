import { compressionOf, decodeText, decompress, rejoin } from '../csv/decode.ts';
import { openSource, type FileSource } from '../csv/open-source.ts';
import { csvSampler } from './sample-csv.ts';
import type { SampleOptions, TableSample } from './table-sample.ts';

/** Reads a file as UTF-8. If that fails, reads it again as windows-1252. */
export async function sampleCsvFile(source: FileSource, options: SampleOptions): Promise<TableSample> {
  if (options.encoding !== undefined) return readSample(source, options);
  const notUtf8 = new Error('other bytes than UTF-8');
  const refuse = (): never => {
    throw notUtf8;
  };
  return readSample(source, options, refuse).catch((error: unknown) => {
    if (error === notUtf8) return readSample(source, { ...options, encoding: 'windows-1252' });
    throw error;
  });
}

async function readSample(source: FileSource, options: SampleOptions, refuse?: () => never): Promise<TableSample> {
  const { name: title } = options;
  const { name, unpacked, bytes } = await openSource(source);
  const compression = unpacked ? 'none' : (compressionOf(name) ?? compressionOf(title));
  const pieces = decompress(bytes, compression, title);
  const first = await pieces.next();
  const encoding = options.encoding ?? byteOrder(first.value) ?? 'utf-8';
  const sampler = csvSampler(title, options);
  for await (const text of decodeText(rejoin(first, pieces), encoding, title, refuse)) sampler.push(text);
  return { ...sampler.end(), encoding };
}

/** UTF-16 by its byte order mark. */
function byteOrder(piece: Uint8Array | string | void): string | undefined {
  if (typeof piece !== 'object') return undefined;
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
  return piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : undefined;
}
