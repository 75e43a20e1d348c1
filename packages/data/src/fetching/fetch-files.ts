import { fail, PolytaskError } from '@polytask/core';
import { reasonOf } from '../csv/open-source.ts';
import { nodeModule } from '../platform/node-module.ts';
import { download, type DownloadOptions, type DownloadProgress } from './download.ts';
import { ENDINGS, findFile, type KnownFile } from './known-file.ts';
import { sha256Of } from './sha256-of.ts';
import { unpackArchive, type Unpacked } from './unpack-archive.ts';
import { writeAtomically } from './write-atomically.ts';

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
