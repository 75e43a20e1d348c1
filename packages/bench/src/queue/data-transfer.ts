import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '@polytask/core';
import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';
import { affirm } from './roster.ts';
import { fileDigest } from '../modules/module-identity.ts';
import { type DataFile, type DataManifest, compareFolder, directoryManifest, isSound } from './data-manifest.ts';
import type { LocalPlaces } from './job-references.ts';

/** The bytes of a chunk. A worker asks for one chunk after the other, so Redis holds a few of them at most. */
export const CHUNK = 2 ** 21;
/** How many seconds a chunk stays in Redis, and an answer that there is none. */
const SECONDS = { chunk: 60, none: 5 };
/** How long a worker waits for a chunk, and how often it asks again, in milliseconds. */
const PATIENCE = { wait: 60_000, ask: 5000, look: 10 };

const wantedKey = (sha256: string) => `${PREFIX}:wanted:${sha256}`;
const offerKey = (hash: string) => `${PREFIX}:offers:${hash}`;
const chunkKey = (sha256: string, index: number) => `${PREFIX}:chunk:${sha256}:${index}`;

/** Answers the requests of workers for chunks of files. @param waiting a connection of its own */
export function dataSource(redis: Redis, waiting: Redis) {
  const places = new Map<string, string>();
  const offers = new Set<string>();
  let closed = false;
  const answer = async () => {
    while (!closed) {
      const keys = [...places.keys()].map(wantedKey);
      const request = keys.length === 0 ? await setTimeout(200, null) : await waiting.blpop(keys, 1).catch(() => null);
      if (request === null) continue;
      const [sha256, index] = [request[0].split(':').at(-1)!, Number(request[1])];
      const chunk = await readChunk(places.get(sha256)!, sha256, index).catch(() => Buffer.alloc(0));
      const seconds = chunk.length > 0 ? SECONDS.chunk : SECONDS.none;
      await redis.set(chunkKey(sha256, index), chunk, 'EX', seconds).catch(() => {});
    }
  };
  void answer();
  return {
    async offer({ hash, root, files }: DataManifest): Promise<void> {
      for (const file of files) places.set(file.sha256, path.join(root, file.path));
      if (offers.has(hash)) return;
      offers.add(hash);
      await affirm(redis, [offerKey(hash)]);
    },
    /** Says again that the files are ready. Workers don't ask for files that nobody offers. */
    affirm: () => affirm(redis, [...offers].map(offerKey)),
    close: () => void (closed = true),
  };
}

/** Reads a chunk of a file; nothing of one that has other content now. */
async function readChunk(file: string, sha256: string, index: number): Promise<Buffer> {
  if ((await fileDigest(file)) !== sha256) return Buffer.alloc(0);
  const start = index * CHUNK;
  const pieces = await createReadStream(file, { start, end: start + CHUNK - 1 }).toArray();
  return Buffer.concat(pieces as Buffer[]);
}

/** Fetches a file of a manifest from a coordinator, and writes it as a whole. @param hash of the manifest */
export async function fetchFile(redis: Redis, hash: string, file: DataFile, folder: string): Promise<void> {
  const { path: name, bytes, sha256 } = file;
  const place = path.join(folder, name);
  const partial = `${place}.${randomUUID()}.partial`;
  const chunks = async function* () {
    for (let index = 0; index * CHUNK < bytes; index++) yield await fetchChunk(redis, hash, file, index);
  };
  await mkdir(path.dirname(place), { recursive: true });
  try {
    await writeFile(partial, chunks());
    const received = await fileDigest(partial);
    if (received !== sha256)
      fail({
        expected: `${name} with SHA-256 ${sha256} from the coordinator`,
        received,
        fix: 'The file has changed during the run: start the coordinator again.',
      });
    await rename(partial, place);
  } finally {
    await rm(partial, { force: true });
  }
}

async function fetchChunk(redis: Redis, hash: string, { path: name, sha256 }: DataFile, index: number) {
  const refuse = (received: string) =>
    fail({
      expected: `${name} from a coordinator`,
      received,
      fix: 'Start the coordinator again, or copy the data to the worker and pass --data DIR.',
    });
  const start = Date.now();
  for (let asked = -Infinity; ; await setTimeout(PATIENCE.look)) {
    const chunk = await redis.getBuffer(chunkKey(sha256, index));
    if (chunk?.length) return chunk;
    if (chunk) refuse('the answer that the file is gone, or has changed');
    if (Date.now() - asked < PATIENCE.ask) continue;
    if (!(await redis.exists(offerKey(hash)))) refuse('none that offers it');
    if (Date.now() - start >= PATIENCE.wait) refuse(`nothing for ${PATIENCE.wait / 1000} s`);
    asked = Date.now();
    await redis.rpush(wantedKey(sha256), index);
    await redis.expire(wantedKey(sha256), SECONDS.chunk);
  }
}

export interface WorkerFolders {
  /** The folder of the data on this machine. Other content of a file there is an error. */
  readonly data?: string | undefined;
  /** The folder for files that a coordinator sends. */
  readonly cache: string;
}

/** Finds a manifest's files: the worker's own data, the coordinator's path, or the cache, into which missing ones are fetched. */
export function dataFinder(redis: Redis, { data, cache }: WorkerFolders): LocalPlaces['folderOf'] {
  const fetches = new Map<string, Promise<string>>();
  const fetchAll = async (manifest: DataManifest) => {
    const folder = path.join(cache, manifest.hash);
    for (const file of manifest.files) {
      const there = await compareFolder(folder, { ...manifest, files: [file] });
      if (!('all' in there)) await fetchFile(redis, manifest.hash, file, folder);
    }
    return folder;
  };
  const isAt = async (root: string, manifest: DataManifest, whole: boolean) =>
    'all' in (await compareFolder(root, manifest)) &&
    (!whole || (await directoryManifest(root).catch(() => undefined))?.hash === manifest.hash);
  return async (manifest, { whole = false } = {}) => {
    if (!isSound(manifest))
      fail({
        expected: 'data files below one folder, with the hash of their list',
        received: 'a job with others, or without files',
        fix: 'Look who writes to this queue.',
      });
    if (data !== undefined) {
      const agreement = await compareFolder(data, manifest);
      if ('all' in agreement) return data;
      if ('different' in agreement)
        fail({
          expected: "the study's data",
          received: `another ${agreement.different} in ${data}`,
          fix: 'Copy the file from the coordinator, or start the worker without --data.',
        });
    }
    if (await isAt(manifest.root, manifest, whole)) return manifest.root;
    const fetching = fetches.get(manifest.hash) ?? fetchAll(manifest);
    fetches.set(manifest.hash, fetching);
    fetching.catch(() => fetches.delete(manifest.hash));
    return fetching;
  };
}
