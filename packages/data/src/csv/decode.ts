import { fail } from '@polytask/core';
import { optionalNodeModule } from '../platform/node-module.ts';
import { iterate } from './open-source.ts';

export type Compression = 'gzip' | 'brotli' | 'none';

/**
 * Unpacks bytes that come in pieces. Pieces of text pass unchanged. A gzip file may have several parts, except in browsers.
 *
 * @param compression default: gzip where the first two bytes are those of a gzip file, else none
 * @param name of the source, for messages
 * @throws PolytaskError for damaged data, and for brotli without Node
 * @example for await (const bytes of decompress(createReadStream('rows.jsonl.gz'), 'gzip', 'rows.jsonl.gz')) parse(bytes);
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array | string>,
  compression: Compression | undefined,
  name: string,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const { first, pieces } = await begun(source);
  const kind = compression ?? (isGzip(first) ? 'gzip' : 'none');
  if (kind === 'none' || typeof first === 'string') return yield* pieces;
  try {
    yield* unpack(pieces, kind, name);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const parts = optionalNodeModule('node:zlib') ? '' : ' Pack it anew if it has several parts: browsers read one.';
    fail({
      expected: `a whole ${kind} file in ${name}`,
      received: `damaged or cut-off data ("${error.message}")`,
      fix: `Copy or download it again.${parts}`,
    });
  }
}

/** The compression by the ending of a name. Brotli can't be told by its first bytes. */
export function compressionOf(name: string): Compression | undefined {
  const ending = /\.(gz|br)(?:$|[?#])/.exec(name)?.[1];
  return ending === undefined ? undefined : ending === 'gz' ? 'gzip' : 'brotli';
}

const isGzip = (piece: Uint8Array | string | undefined): boolean =>
  typeof piece === 'object' && piece[0] === 0x1f && piece[1] === 0x8b;

/** The first piece of a source, undefined without any, and all pieces. */
async function begun<A>(source: AsyncIterable<A>) {
  const others = source[Symbol.asyncIterator]();
  const first = (await others.next()) as IteratorResult<A, undefined>;
  async function* pieces(): AsyncGenerator<A, void, undefined> {
    try {
      for (let next = first; !next.done; next = await others.next()) yield next.value;
    } finally {
      await others.return?.();
    }
  }
  return { first: first.value, pieces: pieces() };
}

function unpack(
  source: AsyncIterable<Uint8Array | string>,
  kind: 'gzip' | 'brotli',
  name: string,
): AsyncIterable<Uint8Array> {
  const zlib = optionalNodeModule('node:zlib');
  const stream = optionalNodeModule('node:stream');
  if (zlib && stream) {
    const chunkSize = 1 << 18;
    const unpacked = kind === 'gzip' ? zlib.createGunzip({ chunkSize }) : zlib.createBrotliDecompress({ chunkSize });
    stream.pipeline(stream.Readable.from(source), unpacked, () => undefined); // errors are thrown by reading
    return unpacked as AsyncIterable<Uint8Array>;
  }
  if (kind === 'brotli') {
    fail({
      expected: `${name} as plain text or gzip in a browser`,
      received: 'brotli',
      fix: 'Send it with Content-Encoding: br.',
    });
  }
  return iterate(
    readable(source).pipeThrough(new DecompressionStream('gzip') as TransformStream<Uint8Array, Uint8Array>),
  );
}

function readable(source: AsyncIterable<Uint8Array | string>): ReadableStream<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(typeof next.value === 'string' ? new TextEncoder().encode(next.value) : next.value);
    },
    cancel: async () => void (await pieces.return?.()),
  });
}

const isDamage = (error: unknown): error is Error =>
  error instanceof Error &&
  ('code' in error ? /^(Z_|ERR__|ERR_BROTLI|ERR_PADDING)/.test(String(error.code)) : error instanceof TypeError);

/** Pieces, and their encoding. Default: UTF-16 by its byte order mark, else UTF-8. */
export async function withEncoding(
  source: AsyncIterable<Uint8Array | string>,
  encoding: string | undefined,
): Promise<{ encoding: string; pieces: AsyncIterable<Uint8Array | string> }> {
  if (encoding !== undefined) return { encoding, pieces: source };
  const { first, pieces } = await begun(source);
  const [a, b] = typeof first === 'object' ? first : [];
  const found = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return { encoding: found, pieces };
}

/** Decodes bytes that come in pieces. `refuse` throws for bytes that the encoding doesn't have. */
export async function* decodeText(
  source: AsyncIterable<Uint8Array | string>,
  given: string | undefined,
  name: string,
  refuse?: () => never,
): AsyncGenerator<string, void, undefined> {
  const { encoding, pieces } = await withEncoding(source, given);
  const decode = pieceDecoder(encoding, refuse ?? (() => wrongBytes(encoding, name)));
  const watch = utf8Watch(encoding, name);
  for await (const piece of pieces) {
    if (typeof piece === 'string') yield piece;
    else {
      watch(piece);
      yield decode(piece);
    }
  }
  watch(undefined);
  yield decode(undefined);
}

/** Encodings of one byte per character, in which each text of UTF-8 is a text, too: ä is Ã¤. */
const ONE_BYTE = /^(windows-|iso-8859|koi8|macintosh|ibm866|x-mac)/;
/** So many characters of several bytes aren't UTF-8 by chance. At the end of a text one is enough. */
const SURELY = 20;

/** Refuses UTF-8 that is read as another encoding. */
function utf8Watch(encoding: string, name: string): (bytes: Uint8Array | undefined) => void {
  const decode = ONE_BYTE.test(decoderOf(encoding).encoding) ? decoderOf('utf-8') : undefined;
  let isUtf8 = decode !== undefined;
  let found = 0; // bytes that continue a character
  return (bytes) => {
    if (!isUtf8) return;
    try {
      decode!.decode(bytes, { stream: bytes !== undefined });
    } catch {
      isUtf8 = false;
      return;
    }
    for (const byte of bytes ?? []) if (byte >> 6 === 0b10) found++;
    if (found < (bytes ? SURELY : 1)) return;
    fail({
      expected: `${encoding} text in ${name}`,
      received: 'UTF-8, whose letters would be other ones',
      fix: "Pass encoding: 'utf-8'.",
    });
  };
}

function pieceDecoder(encoding: string, refuse: () => never): (bytes: Uint8Array | undefined) => string {
  const decoder = decoderOf(encoding);
  return (bytes) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      return refuse();
    }
  };
}

/** Checks UTF-8 that comes in pieces, and passes it on in bytes. Text in another encoding is decoded. */
export async function* utf8OrText(
  source: AsyncIterable<Uint8Array | string>,
  given: string | undefined,
  name: string,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const { encoding, pieces } = await withEncoding(source, given);
  if (!/^utf-?8$/i.test(encoding)) return yield* decodeText(pieces, encoding, name);
  const decode = pieceDecoder(encoding, () => wrongBytes(encoding, name));
  let within = false; // a character
  for await (const piece of pieces) {
    if (typeof piece !== 'string' && (within || !isAscii(piece))) {
      decode(piece);
      within = (piece.at(-1) ?? 128) > 127;
    }
    yield piece;
  }
  decode(undefined);
}

function isAscii({ buffer, byteOffset, length }: Uint8Array): boolean {
  const view = new DataView(buffer, byteOffset, length);
  let all = 0;
  let p = 0;
  for (; p + 4 <= length; p += 4) all |= view.getInt32(p);
  for (; p < length; p++) all |= view.getInt8(p);
  return (all & 0x80808080) === 0;
}

const wrongBytes = (encoding: string, name: string): never =>
  fail({
    expected: `${encoding} text in ${name}`,
    received: 'bytes that are none',
    fix:
      encoding === 'utf-8'
        ? "Pass encoding: 'latin1', for instance, or compression where it is packed."
        : 'Pass its encoding.',
  });

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail({
      expected: 'an encoding that TextDecoder knows',
      received: JSON.stringify(encoding),
      fix: "Pass encoding: 'utf-8' or 'latin1'.",
    });
  }
}
