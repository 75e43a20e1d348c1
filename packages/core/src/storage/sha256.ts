import { newSha256 } from '#sha256';

/**
 * The sha256 of the parts of a file, in lower-case hex.
 *
 * @example (await sha256Of([new TextEncoder().encode('abc')])).slice(0, 8) // 'ba7816bf'
 */
export async function sha256Of(parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const hash = newSha256();
  for await (const part of parts) hash.update(part);
  return hash.digest();
}
