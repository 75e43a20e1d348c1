import { createHash } from 'node:crypto';

export interface Sha256 {
  /** Adds bytes. They must not change before {@link digest}. */
  update(bytes: Uint8Array): void;
  /** The sha256 of all bytes so far, in lower-case hex. Call it once. */
  digest(): Promise<string>;
}

export function newSha256(): Sha256 {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => Promise.resolve(hash.digest('hex')) };
}
