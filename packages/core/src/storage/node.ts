import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES } from './bytes.ts';
import type { Claim, FileContent, Folder, FolderWriter, Release } from './folder.ts';
import {
  acquire,
  inTurn,
  isDead,
  makeDirectory,
  namesIn,
  ownerText,
  sweepLocks,
  syncDirectory,
  writingTo,
} from './turns.ts';

/** The end of temporary names. A file with such a name is removed by the next writer, because its own was killed. */
const PARTIAL = '.polytask-partial';

/** Opens a directory of the file system. The first write creates a missing directory. */
export function openFolder(directory: string): Folder {
  return {
    read: (name) => missingAs(undefined, readFile(join(directory, name))),
    async readParts(name, use) {
      const file = await missingAs(undefined, open(join(directory, name), 'r'));
      if (!file) return undefined;
      try {
        const { size } = await file.stat();
        return await use({ size, parts: partsOf(file, size) });
      } finally {
        await file.close();
      }
    },
    write: (action) =>
      inTurn(directory, async () => {
        await sweepLocks(directory);
        for (const name of await readdir(directory)) if (name.endsWith(PARTIAL)) await rm(join(directory, name));
        return action(writerOf(directory));
      }),
    claim: (name) => claimIn(directory, name),
    claims: () => claimsOf(directory),
  };
}

export const listFolder = (directory: string): Promise<string[]> => missingAs([], readdir(directory));

export const removeFolder = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

export const moveFolder = (from: string, to: string): Promise<void> => rename(from, to);

async function* partsOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array, void> {
  for (let from = 0; from < size;) {
    const part = new Uint8Array(Math.min(CHUNK_BYTES, size - from));
    const { bytesRead } = await file.read(part, 0, part.length, from);
    if (bytesRead === 0) return;
    yield part.subarray(0, bytesRead);
    from += bytesRead;
  }
}

const writerOf = (directory: string): FolderWriter => ({
  async replace(name, content) {
    const [place, partial] = [join(directory, name), join(directory, `${name}.${randomUUID()}${PARTIAL}`)];
    try {
      await writingTo(place, async () => {
        await writeThrough(partial, content);
        await rename(partial, place);
      });
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw error;
    }
    await syncDirectory(directory);
  },
  move: (from, to) => rename(join(directory, from), join(directory, to)),
  remove: (name) => rm(join(directory, name), { force: true }),
  appendLine: (name, line) =>
    writingTo(join(directory, name), () => appendLine(directory, name, Buffer.from(`${line}\n`))),
  size: async (name) => (await missingAs({ size: 0 }, stat(join(directory, name)))).size,
});

async function writeThrough(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for (const part of parts) await file.writeFile(part); // each goes on where the one before ended
    await file.sync();
  } finally {
    await file.close();
  }
}

async function appendLine(directory: string, name: string, line: Buffer): Promise<void> {
  const path = join(directory, name);
  const whole = await wholeLines(path);
  const file = await open(path, 'a');
  try {
    await file.truncate(whole);
    try {
      await file.writeFile(line);
    } catch (error) {
      await file.truncate(whole); // a full disk takes a part of the line
      throw error;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  if (whole === 0) await syncDirectory(directory);
}

/** The size of the complete lines of a file in bytes. The last one may be cut within a character. */
async function wholeLines(path: string): Promise<number> {
  const file = await missingAs(undefined, open(path, 'r'));
  if (!file) return 0;
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    return last.toString() === '\n' ? size : (await file.readFile()).lastIndexOf('\n') + 1;
  } finally {
    await file.close();
  }
}

const missingAs = <T, U>(replacement: U, result: Promise<T>): Promise<T | U> =>
  result.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return replacement;
    throw error;
  });

/** The folder of the claims of a directory. Each claim is a lock there. */
const CLAIMS = '.polytask-claims';

/** How often an owner says that it lives, and after which time without a sign its claim counts as left behind. */
const SIGNS = { between: 60_000, patience: 600_000 };

/** Claims a name of a directory. @returns undefined while another living process, or this one, has it */
async function claimIn(directory: string, name: string): Promise<Release | undefined> {
  const folder = join(directory, CLAIMS);
  if (!swept.has(folder)) {
    swept.add(folder);
    await makeDirectory(folder);
    await sweepLocks(folder);
  }
  const lock = join(folder, name);
  const release = await acquire(lock, async (owner) => {
    const isLeft = await isStale(join(lock, owner)); // its number may be another process's since
    if (isLeft) await unlink(join(lock, owner)).catch(() => {});
    return isLeft;
  });
  if (!release) return undefined;
  const [owner] = await namesIn(lock);
  const sign = () => void utimes(join(lock, owner!), new Date(), new Date()).catch(() => {});
  const timer = setInterval(sign, SIGNS.between);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await release();
    await rmdir(folder).catch(() => {}); // removes an empty one only
  };
}

/** The folders that this process has tidied: claims come often, and what killed processes leave is rare. */
const swept = new Set<string>();

async function claimsOf(directory: string): Promise<Claim[]> {
  const folder = join(directory, CLAIMS);
  const claims: Claim[] = [];
  for (const name of await namesIn(folder)) {
    const [owner] = name.startsWith('.') ? [] : await namesIn(join(folder, name));
    if (owner === undefined) continue;
    const file = join(folder, name, owner);
    if (!(await isStale(file)) && !(await isDead(owner, file))) claims.push({ name, owner: ownerText(owner) });
  }
  return claims;
}

async function isStale(file: string): Promise<boolean> {
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > SIGNS.patience;
}
