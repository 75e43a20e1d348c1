import { createHash } from 'node:crypto';
import type { Sha256 } from '../storage/sha256.ts';

/** A sha256 without a copy of the bytes. */
export function newSha256(): Sha256 {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => Promise.resolve(hash.digest('hex')) };
}
