import { compressionOf, decodeText, decompress, type Compression } from './decode.ts';
import { openSource, type CsvSource } from './open-source.ts';

const MOST_BYTES = 1 << 24;

export interface CsvSampleOptions {
  /** About the largest number of unpacked bytes to read. Default 16 MB. */
  readonly bytes?: number;
  /** An encoding of `TextDecoder`. Default: UTF-16 by its byte order mark, else UTF-8, else windows-1252. */
  readonly encoding?: string | undefined;
  /** Default: by the first bytes and the ending of the name (.gz, .br). */
  readonly compression?: Compression;
}

/** The beginning of a file. */
export interface CsvSample {
  readonly text: string;
  /** Whether the text is the whole file. */
  readonly whole: boolean;
  readonly encoding: string;
}

/**
 * Reads the beginning of a CSV file for `describeCsv`: plain, gzip or brotli, without reading the rest.
 *
 * @throws PolytaskError for a file that can't be read, is damaged, or has another encoding than `encoding`
 * @example
 * const { text, whole, encoding } = await readCsvSample('people.csv.gz');
 * const { dataset } = describeCsv(text, { whole, encoding, files: 'people.csv.gz' });
 */
export async function readCsvSample(source: CsvSource, options: CsvSampleOptions = {}): Promise<CsvSample> {
  const { bytes: most = MOST_BYTES } = options;
  const { name, unpacked, bytes } = await openSource(source);
  const compression = unpacked ? 'none' : (options.compression ?? compressionOf(name));
  const pieces: (Uint8Array | string)[] = [];
  let [size, whole] = [0, true];
  for await (const piece of decompress(bytes, compression, name)) {
    pieces.push(piece);
    size += piece.length;
    whole = size < most;
    if (!whole) break;
  }
  const encoding = options.encoding ?? encodingOf(pieces);
  return { text: await decoded(pieces, encoding, whole, name), whole, encoding };
}

/** UTF-16 by its byte order mark; UTF-8 where the bytes are valid UTF-8; else windows-1252. */
function encodingOf(pieces: readonly (Uint8Array | string)[]): string {
  const first = pieces[0];
  if (first === undefined || typeof first === 'string') return 'utf-8';
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const piece of pieces) if (typeof piece !== 'string') decoder.decode(piece, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** Decodes the pieces. Where the file goes on, a character that is cut at the end is left out. */
async function decoded(
  pieces: readonly (Uint8Array | string)[],
  encoding: string,
  whole: boolean,
  name: string,
): Promise<string> {
  const texts: string[] = [];
  const source = (async function* () {
    yield* pieces;
  })();
  for await (const text of decodeText(source, encoding, name)) {
    texts.push(text);
    if (!whole && texts.length === pieces.length) break;
  }
  return texts.join('');
}
