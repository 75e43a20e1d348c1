import { fail } from '@polytask/core';
import { nodeModule } from '../platform/node-module.ts';

/** Passes bytes on and, after the last, throws where their sha256 is another. */
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
  const found = hash.digest('hex');
  if (found === sha256) return;
  fail({
    expected: `the text of ${name} to have sha256 ${sha256}`,
    received: found,
    mend: 'It is not the published file, byte for byte: fetch it again, or pass verify: false to use it as it is.',
  });
}
