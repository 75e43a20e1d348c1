import { newSha256 } from '#sha256';

/** A sha256 of bytes that come one after the other. */
export interface Sha256 {
  /** Adds bytes. They must not change before {@link digest}. */
  update(bytes: Uint8Array): void;
  /** The sha256 of all bytes so far, in lower-case hex. Call it once. */
  digest(): Promise<string>;
}

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
