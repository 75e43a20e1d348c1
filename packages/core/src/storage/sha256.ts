import { newSha256 } from '#storage';

/** A sha256 of bytes that come one after the other. */
export interface Sha256 {
  /** Adds bytes. They must not change before {@link digest}. */
  update(bytes: Uint8Array): void;
  /** The sha256 of all bytes so far, in lower-case hex. Call it once. */
  digest(): Promise<string>;
}

/** The sha256 of bytes, in lower-case hex. */
export function sha256(bytes: Uint8Array): Promise<string> {
  const hash = newSha256();
  hash.update(bytes);
  return hash.digest();
}
