import { fail } from '@polytask/core';

/** Bytes of a download so far, and in all where the server says so. */
export interface DownloadProgress {
  readonly url: string;
  readonly received: number;
  readonly total: number | undefined;
}

export interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes at an address; undefined where the server has none (404). Throws the engine's own error otherwise. */
export async function download(
  url: string,
  { fetch, onProgress, signal }: DownloadOptions,
): Promise<Uint8Array | undefined> {
  const response = await fetch(url, signal ? { signal } : {});
  if (response.status === 404) return undefined;
  if (!response.ok || !response.body) {
    return fail({ expected: `a file at ${url}`, received: `status ${response.status}`, mend: 'Try again later.' });
  }
  const length = response.headers.get('content-length');
  const plain = response.headers.get('content-encoding') === null; // else the length is that of the packed bytes
  const total = length !== null && plain ? Number(length) : undefined;
  const pieces: Uint8Array[] = [];
  let received = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    received += piece.length;
    onProgress?.({ url, received, total });
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
