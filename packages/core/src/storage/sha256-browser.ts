import { joinBytes } from './bytes.ts';
import type { Sha256 } from './sha256-node.ts';

/** A sha256 of Web Crypto, which needs all bytes at once. */
export function newSha256(): Sha256 {
  const parts: Uint8Array[] = [];
  return {
    update: (bytes) => void parts.push(bytes),
    async digest() {
      const bytes = parts.length === 1 ? parts[0]! : joinBytes(parts);
      const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}
