import { anything, optional, string, type FromDescription, type Option, type Written } from '@polytask/components';
import { readOptions, fail, openFolder, PolytaskError, sha256Of } from '@polytask/core';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import type { CsvOptions } from '../../csv/csv-options.ts';
import { compressionOf, decompress } from '../../csv/decode.ts';
import { openSource, reasonOf } from '../../csv/open-source.ts';
import { readCsv } from '../../csv/read-csv.ts';
import type { Declaration } from '../../declarations/declaration.ts';
import { nodeModule } from '../../platform/node-module.ts';
import type { Table } from '../../table/table.ts';

interface KnownFile {
  readonly name: string;
  readonly sha256: string;
}

/** The endings that a file may have, in the order of the search. */
const ENDINGS = ['.gz', '.br', ''] as const;

export function findFile(directory: string, name: string): string | undefined {
  const { existsSync } = nodeModule('node:fs', `reading ${name}`);
  const { join } = nodeModule('node:path', `reading ${name}`);
  return ENDINGS.map((ending) => join(directory, name + ending)).find((path) => existsSync(path));
}

/** @param byHand how to get the file, for the message @throws PolytaskError for a missing file */
export const requireFile = (directory: string, name: string, byHand: string): string =>
  findFile(directory, name) ??
  fail({ expected: `${name}, plain or as .gz or .br, in ${directory}`, received: 'none of them', fix: byHand });

/**
 * Creates a reader of the CSV files in a directory.
 *
 * @param byHand how to get a missing file, for the message
 * @param verify whether a text with another sha256 than its file's is an error
 */
export const knownReader =
  (directory: string, byHand: string, verify: boolean) =>
  async <D extends Declaration & CsvOptions>(
    { name, sha256 }: Pick<KnownFile, 'name'> & Partial<KnownFile>,
    declaration: D,
  ): Promise<Table<D['tasks']>> => {
    const path = requireFile(directory, name, byHand);
    const { bytes } = await openSource(path);
    const text = decompress(bytes, compressionOf(path) ?? 'none', path);
    const source = verify && sha256 !== undefined ? checkedBytes(text, sha256, path) : text;
    return readCsv<D['tasks']>(source, { ...declaration, name: path, compression: 'none' });
  };

/** Passes bytes on. Throws after the last one, where all have another sha256. */
export async function* checkedBytes(
  source: AsyncIterable<Uint8Array | string>,
  sha256: string,
  name: string,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const hash = nodeModule('node:crypto', 'checking a file').createHash('sha256');
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  const received = hash.digest('hex');
  if (received === sha256) return;
  fail({
    expected: `the text of ${name} to have sha256 ${sha256}`,
    received,
    fix: 'It is not the published file, byte for byte: fetch it again, or pass verify: false to use it as it is.',
  });
}

const fetchOptions = {
  /** An archive, or a directory (ending in `/`) that has the files as .gz, .br or plain. */
  url: string,
  /** Default: the engine's. */
  fetch: optional(anything as Option<typeof fetch>),
  onProgress: optional(anything as Option<(progress: DownloadProgress) => void>),
  signal: optional(anything as Option<AbortSignal>),
};

export interface FetchOptions extends Written<typeof fetchOptions>, FromDescription {}

export interface FetchedFiles {
  /** False where the directory had all files already. */
  readonly downloaded: boolean;
  /** The paths of the files. */
  readonly files: readonly string[];
}

/** Downloads published files into a directory, as .gz, once all are right. @param options `byHand`: another source of the files, for messages */
export async function fetchFiles(
  directory: string,
  published: readonly KnownFile[],
  options: FetchOptions & { readonly byHand: string },
): Promise<FetchedFiles> {
  const read = readOptions(options, { ...fetchOptions, byHand: string }, 'the download');
  const { url, byHand, fetch = globalThis.fetch, onProgress, signal } = read;
  const paths = await Promise.all(published.map((file) => presentFile(directory, file)));
  const present = paths.filter((path) => path !== undefined);
  if (present.length === published.length) return { downloaded: false, files: present };

  const bySha256 = new Map<string, Unpacked>();
  for (const { address, sha256 } of addressesOf(url, published)) {
    if (sha256 !== undefined && bySha256.has(sha256)) continue;
    const unpackedFiles = await filesAt(address, { fetch, onProgress, signal }, byHand);
    for (const file of unpackedFiles) bySha256.set(await sha256Of([file.bytes]), file);
  }
  const missing = published.filter(({ sha256 }) => !bySha256.has(sha256));
  if (missing.length > 0) {
    const others = [...bySha256.values()].map(({ path }) => path);
    fail({
      expected: `${missing.map(({ name, sha256 }) => `${name} (sha256 ${sha256})`).join(' and ')} at ${url}`,
      received: others.length > 0 ? `other files: ${others.join(', ')}` : 'no file',
      fix: `Pass the url of an archive or a directory (ending in /) that has them. ${byHand}`,
    });
  }
  const { join } = nodeModule('node:path', 'writing files');
  const { gzipSync } = nodeModule('node:zlib', 'writing files');
  await openFolder(directory).write(async (writer) => {
    for (const { name, sha256 } of published) await writer.replace(`${name}.gz`, gzipSync(bySha256.get(sha256)!.bytes));
  });
  return { downloaded: true, files: published.map(({ name }) => join(directory, `${name}.gz`)) };
}

/** The path of a file with the published text; undefined for any other file. */
async function presentFile(directory: string, file: KnownFile): Promise<string | undefined> {
  const path = findFile(directory, file.name);
  if (path === undefined) return undefined;
  const bytes = nodeModule('node:fs', 'reading files').readFileSync(path);
  const [only] = unpacked({ path, bytes }) ?? [];
  return only && (await sha256Of([only.bytes])) === file.sha256 ? path : undefined;
}

/** The address of the archive; or, for a directory, the addresses of all names that the files can have. */
const addressesOf = (url: string, published: readonly KnownFile[]): { address: string; sha256?: string }[] =>
  url.endsWith('/')
    ? published.flatMap(({ name, sha256 }) => ENDINGS.map((ending) => ({ address: `${url}${name}${ending}`, sha256 })))
    : [{ address: url }];

async function filesAt(address: string, options: DownloadOptions, byHand: string): Promise<readonly Unpacked[]> {
  const bytes = await download(address, options).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if (error instanceof PolytaskError) throw error;
    return fail({
      expected: `to download ${address}`,
      received: reasonOf(error),
      fix: `Without a network, get the files by hand: ${byHand}`,
    });
  });
  if (!bytes) return [];
  const path = new URL(address).pathname.split('/').at(-1)!;
  return (
    unpacked({ path, bytes }) ??
    fail({
      expected: `a whole file at ${address}`,
      received: 'damaged or cut-off data',
      fix: 'Try again, or pass another url.',
    })
  );
}

function unpacked(file: Unpacked): Unpacked[] | undefined {
  try {
    return [...unpackArchive(file)];
  } catch {
    return undefined;
  }
}

/** The bytes of a download so far, and the total number where the server tells it. */
export interface DownloadProgress {
  readonly url: string;
  readonly received: number;
  readonly total: number | undefined;
}

type DownloadOptions = Omit<FetchOptions, 'url' | 'fetch'> & { readonly fetch: typeof fetch };

/** The bytes at an address; undefined for status 404. */
async function download(url: string, { fetch, onProgress, signal }: DownloadOptions): Promise<Uint8Array | undefined> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.status === 404) return undefined;
  if (!response.ok || !response.body) {
    return fail({ expected: `a file at ${url}`, received: `status ${response.status}`, fix: 'Try again later.' });
  }
  const length = response.headers.get('content-length');
  const plain = response.headers.get('content-encoding') === null; // else it is the length of the packed bytes
  const total = length !== null && plain ? Number(length) : undefined;
  const pieces: Uint8Array[] = [];
  let received = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    received += piece.length;
    onProgress?.({ url, received, total });
  }
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

interface Unpacked {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Gives the files of zip, tar, gzip and brotli files, also within one another. Any other file is given as it is. */
export function* unpackArchive({ path, bytes }: Unpacked): Generator<Unpacked, void, undefined> {
  const zlib = nodeModule('node:zlib', 'unpacking an archive');
  if (startsWith(bytes, 0, 'PK\x03\x04')) {
    for (const [name, inner] of Object.entries(unzipSync(bytes)))
      yield* unpackArchive({ path: `${path}/${name}`, bytes: inner });
  } else if (startsWith(bytes, 0, '\x1f\x8b')) {
    yield* unpackArchive({ path: path.replace(/\.gz$/, '').replace(/\.tgz$/, '.tar'), bytes: zlib.gunzipSync(bytes) });
  } else if (startsWith(bytes, 257, 'ustar')) {
    for (const { name, data } of parseTar(bytes))
      if (data) yield* unpackArchive({ path: `${path}/${name}`, bytes: data });
  } else if (path.endsWith('.br')) {
    yield* unpackArchive({ path: path.slice(0, -3), bytes: zlib.brotliDecompressSync(bytes) });
  } else {
    yield { path, bytes };
  }
}

const startsWith = (bytes: Uint8Array, at: number, mark: string): boolean =>
  [...mark].every((character, i) => bytes[at + i] === character.charCodeAt(0));
