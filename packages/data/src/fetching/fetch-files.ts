import { fail, PolytaskError } from '@polytask/core';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { reasonOf } from '../csv/open-source.ts';
import { nodeModule } from '../platform/node-module.ts';
import { ENDINGS, findFile, sha256Of, type KnownFile } from './known-file.ts';

export interface FetchOptions {
  /** An archive, or a directory (ending in `/`) that has the files as .gz, .br or plain. */
  readonly url: string;
  /** Default: the engine's. */
  readonly fetch?: typeof fetch;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface FetchedFiles {
  /** False where all files were there already, and whole. */
  readonly downloaded: boolean;
  /** Their paths. */
  readonly files: readonly string[];
}

/**
 * Downloads published files into a directory, as .gz, each written whole or not at all, and only when all are right.
 *
 * @param options `byHand`: a sentence that says where else they are, for the message on a machine without a network
 */
export async function fetchFiles(
  directory: string,
  wanted: readonly KnownFile[],
  options: FetchOptions & { readonly byHand: string },
): Promise<FetchedFiles> {
  const { url, byHand, fetch = globalThis.fetch, onProgress, signal } = options;
  const present = wanted.map((file) => presentFile(directory, file)).filter((path) => path !== undefined);
  if (present.length === wanted.length) return { downloaded: false, files: present };

  const found = new Map<string, Unpacked>();
  for (const { address, file } of placesOf(url, wanted)) {
    if (file && found.has(file.sha256)) continue;
    for (const each of await filesAt(address, { fetch, onProgress, signal }, byHand))
      found.set(sha256Of(each.bytes), each);
  }
  const missing = wanted.filter(({ sha256 }) => !found.has(sha256));
  if (missing.length > 0) {
    fail({
      expected: `${missing.map(({ name, sha256 }) => `${name} (sha256 ${sha256})`).join(' and ')} at ${url}`,
      received: found.size > 0 ? `other files: ${[...found.values()].map(({ path }) => path).join(', ')}` : 'no file',
      mend: `Pass the url of an archive or a directory (ending in /) that has them. ${byHand}`,
    });
  }
  const { join } = nodeModule('node:path', 'writing files');
  const { gzipSync } = nodeModule('node:zlib', 'writing files');
  const files = wanted.map(({ name }) => join(directory, `${name}.gz`));
  wanted.forEach(({ sha256 }, f) => writeAtomically(files[f]!, gzipSync(found.get(sha256)!.bytes)));
  return { downloaded: true, files };
}

/** The path of a file that is there and has the right text. */
function presentFile(directory: string, file: KnownFile): string | undefined {
  const path = findFile(directory, file);
  if (path === undefined) return undefined;
  const bytes = nodeModule('node:fs', 'reading files').readFileSync(path);
  const [only] = unpacked({ path, bytes }) ?? [];
  return only && sha256Of(only.bytes) === file.sha256 ? path : undefined;
}

/** The archive, or every name that the files can have in the directory. */
const placesOf = (url: string, wanted: readonly KnownFile[]): { address: string; file?: KnownFile }[] =>
  url.endsWith('/')
    ? wanted.flatMap((file) => ENDINGS.map((ending) => ({ address: `${url}${file.name}${ending}`, file })))
    : [{ address: url }];

async function filesAt(address: string, options: DownloadOptions, byHand: string): Promise<readonly Unpacked[]> {
  const bytes = await download(address, options).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if (error instanceof PolytaskError) throw error;
    return fail({
      expected: `to download ${address}`,
      received: reasonOf(error),
      mend: `Without a network, get the files by hand: ${byHand}`,
    });
  });
  if (!bytes) return [];
  const path = new URL(address).pathname.split('/').at(-1)!;
  return (
    unpacked({ path, bytes }) ??
    fail({
      expected: `a whole file at ${address}`,
      received: 'damaged or cut-off data',
      mend: 'Try again, or pass another url.',
    })
  );
}

/** All files within; undefined where an archive is damaged. */
function unpacked(file: Unpacked): Unpacked[] | undefined {
  try {
    return [...unpackArchive(file)];
  } catch {
    return undefined;
  }
}

/** Bytes of a download so far, and in all where the server says so. */
export interface DownloadProgress {
  readonly url: string;
  readonly received: number;
  readonly total: number | undefined;
}

interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes at an address; undefined where the server has none (404). Throws the engine's own error otherwise. */
async function download(url: string, { fetch, onProgress, signal }: DownloadOptions): Promise<Uint8Array | undefined> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.status === 404) return undefined;
  if (!response.ok || !response.body) {
    return fail({ expected: `a file at ${url}`, received: `status ${response.status}`, mend: 'Try again later.' });
  }
  const length = response.headers.get('content-length');
  const plain = response.headers.get('content-encoding') === null; // else the length is that of the packed bytes
  const total = length !== null && plain ? Number(length) : undefined;
  const pieces: Uint8Array[] = [];
  let received = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    received += piece.length;
    onProgress?.({ url, received, total });
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A file, and the path that led to it through archives within archives. */
interface Unpacked {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All files in zip, tar, gzip and brotli files within one another; anything else is a file itself. */
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

/** Writes a file whole or not at all: beside its place first, then renamed. Makes the directory where there is none. */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const { mkdirSync, renameSync, rmSync, writeFileSync } = nodeModule('node:fs', 'writing a file');
  const { dirname } = nodeModule('node:path', 'writing a file');
  const { randomUUID } = nodeModule('node:crypto', 'writing a file');
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}
