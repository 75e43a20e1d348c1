import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { nodeModule } from '../platform/node-module.ts';

/** A file, and the path that led to it through archives within archives. */
export interface Unpacked {
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
