import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '@polytask/core';
import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';
import { fileDigest } from '../modules/module-identity.ts';
import type { DataFile, DataManifest } from './data-manifest.ts';

/** The bytes of a chunk. A worker asks for one chunk after the other, so Redis holds a few of them at most. */
export const CHUNK = 2 ** 21;
/** How many seconds a chunk stays in Redis. */
const CHUNK_SECONDS = 60;
/** How long a worker waits for a chunk, and how often it asks again, in milliseconds. */
const PATIENCE = { wait: 60_000, ask: 5000, look: 10 };

const wantedKey = (sha256: string) => `${PREFIX}:wanted:${sha256}`;
const chunkKey = (sha256: string, index: number) => `${PREFIX}:chunk:${sha256}:${index}`;

/** Sends files to workers that ask for them. */
export interface DataSource {
  /** Has the files of a manifest ready. */
  offer(manifest: DataManifest): void;
  close(): void;
}

/**
 * Answers the requests of workers for chunks of files.
 *
 * @param waiting a connection of its own, because it waits for requests
 */
export function dataSource(redis: Redis, waiting: Redis): DataSource {
  const places = new Map<string, string>();
  let closed = false;
  const answer = async () => {
    while (!closed) {
      const keys = [...places.keys()].map(wantedKey);
      const request = keys.length === 0 ? await setTimeout(200, null) : await waiting.blpop(keys, 1).catch(() => null);
      if (request === null) continue;
      const [sha256, index] = [request[0].split(':').at(-1)!, Number(request[1])];
      const chunk = await readChunk(places.get(sha256)!, index).catch(() => undefined);
      if (chunk) await redis.set(chunkKey(sha256, index), chunk, 'EX', CHUNK_SECONDS).catch(() => {});
    }
  };
  void answer();
  return {
    offer({ root, files }) {
      for (const file of files) places.set(file.sha256, path.join(root, file.path));
    },
    close: () => void (closed = true),
  };
}

async function readChunk(file: string, index: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, index * CHUNK);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Fetches a file from a coordinator, and writes it to a folder as a whole.
 *
 * @throws PolytaskError when no coordinator sends it, or when it has other content
 */
export async function fetchFile(redis: Redis, { path: name, bytes, sha256 }: DataFile, folder: string): Promise<void> {
  const place = path.join(folder, name);
  const partial = `${place}.${randomUUID()}.partial`;
  await mkdir(path.dirname(place), { recursive: true });
  try {
    const file = await open(partial, 'wx');
    try {
      for (let index = 0; index * CHUNK < bytes; index++)
        await file.write(await fetchChunk(redis, sha256, index, name));
    } finally {
      await file.close();
    }
    const received = await fileDigest(partial);
    if (received !== sha256)
      fail({
        expected: `${name} with SHA-256 ${sha256} from the coordinator`,
        received,
        mend: 'The file has changed during the run: start the coordinator again.',
      });
    await rename(partial, place);
  } finally {
    await rm(partial, { force: true });
  }
}

async function fetchChunk(redis: Redis, sha256: string, index: number, name: string): Promise<Buffer> {
  const start = Date.now();
  for (let asked = -Infinity; Date.now() - start < PATIENCE.wait; await setTimeout(PATIENCE.look)) {
    const chunk = await redis.getBuffer(chunkKey(sha256, index));
    if (chunk) return chunk;
    if (Date.now() - asked < PATIENCE.ask) continue;
    asked = Date.now();
    await redis.rpush(wantedKey(sha256), index);
    await redis.expire(wantedKey(sha256), CHUNK_SECONDS);
  }
  return fail({
    expected: `${name} from a coordinator`,
    received: `nothing for ${PATIENCE.wait / 1000} s`,
    mend: 'Start the coordinator again, or copy the data to the worker and pass --data DIR.',
  });
}
