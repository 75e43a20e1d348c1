import { fail, suggestion } from '@polytask/core';
import { nodeModule } from '../platform/node-module.ts';

/** A file: a path or `file:` URL (in Node), an `http:` URL, or a Blob. */
export type FileSource = string | URL | Blob;

/** The source of a text: a path, a URL, a Blob, a stream of bytes, or an async iterable of bytes or texts. */
export type CsvSource = FileSource | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

interface OpenSource {
  readonly name: string;
  /** Whether the bytes are unpacked already, whatever the ending of the name: HTTP clients unpack them. */
  readonly unpacked: boolean;
  readonly bytes: AsyncIterable<Uint8Array | string>;
}

export async function openSource(source: CsvSource): Promise<OpenSource> {
  if (typeof source === 'string') return /^https?:\/\//.test(source) ? openUrl(source) : openFile(source);
  if (source instanceof URL) return source.protocol === 'file:' ? openFile(source) : openUrl(source.href);
  if (source instanceof Blob) return { name: nameOf(source), unpacked: false, bytes: iterate(source.stream()) };
  if ('getReader' in source) return { name: 'the stream', unpacked: false, bytes: iterate(source) };
  return { name: 'the stream', unpacked: false, bytes: source };
}

async function openUrl(url: string): Promise<OpenSource> {
  const fix = 'Look at the address and the connection, or download the file and pass its path.';
  const response = await fetch(url).catch((error: unknown) =>
    fail({ expected: `an answer from ${url}`, received: reasonOf(error), fix }),
  );
  if (!response.ok || !response.body) {
    return fail({ expected: `a file at ${url}`, received: `status ${response.status} ${response.statusText}`, fix });
  }
  const encoding = response.headers.get('content-encoding');
  return { name: url, unpacked: encoding !== null && encoding !== 'identity', bytes: iterate(response.body) };
}

async function openFile(path: string | URL): Promise<OpenSource> {
  const { handle } = await openHandle(path);
  return { name: nameOf(path), unpacked: false, bytes: handle.createReadStream({ highWaterMark: 1 << 20 }) };
}

/** Opens a file by its path, which the caller closes. @throws PolytaskError for a folder, and for none that can be read */
export async function openHandle(path: string | URL) {
  const fs = nodeModule('node:fs', 'reading a file by its path');
  const name = nameOf(path);
  const handle = await fs.promises.open(path).catch(() => noFile(name));
  const stat = await handle.stat();
  if (!stat.isDirectory()) return { handle, size: stat.size };
  await handle.close();
  return fail({ expected: `${name} to be a file`, received: 'a directory', fix: 'Name one of the files in it.' });
}

async function noFile(path: string): Promise<never> {
  const { dirname, basename, join } = nodeModule('node:path', 'reading a file by its path');
  const { readdir } = nodeModule('node:fs', 'reading a file by its path').promises;
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  return fail({
    expected: `a file that can be read at ${path}`,
    received: 'none',
    fix: names.length > 0 && names.length <= 100 ? suggestion(basename(path), names) : `Look at ${join(folder, '.')}.`,
  });
}

/** Reads a web stream as an async iterable: some engines have no iteration of web streams. */
export async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The path, the address or the name of a file, for messages. */
export function nameOf(source: FileSource | ArrayBuffer | Uint8Array, unnamed = 'the Blob'): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.protocol === 'file:' ? decodeURIComponent(source.pathname) : source.href;
  return 'name' in source && typeof source.name === 'string' ? source.name : unnamed;
}

/** An error's message, and its cause's message: `fetch` has the reason there. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `"${error.message}: ${error.cause.message}"` : `"${error.message}"`;
}

export const damagedFile = (format: string, name: string, reason: string, fix: string): never =>
  fail({ expected: `a whole ${format} file in ${name}`, received: `one that can't be read (${reason})`, fix });
