import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { fail, PolytaskError } from '@polytask/components/errors';
import type { Release } from './folder.ts';

const LOCK = '.polytask-lock';

/** How long a process waits for another one, and after which time a lock of another machine counts as left behind. */
const PATIENCE = { wait: 60_000, otherMachine: 600_000 };

/** The locks of this process, in whichever copy of this module. */
const held = ((globalThis as { [key: symbol]: Set<string> | undefined })[Symbol.for('@polytask/core/held-locks')] ??=
  new Set());

/** The last action of each directory in this process. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs an action while no other one runs for the same directory, in this process or another. Those of this process run in the
 * order of their calls. A missing directory is created.
 *
 * @throws PolytaskError when one owner of another process keeps the lock for more than a minute
 */
export function inTurn<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const place = resolve(directory);
  const before = queues.get(place) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(() => locked(place, action));
  const end = () => void (queues.get(place) === turn && queues.delete(place));
  queues.set(place, turn);
  turn.then(end, end);
  return turn;
}

/**
 * Runs an action while this process holds the lock of a directory: a directory with one file, named after its owner, who makes it aside and
 * renames it, which fails while the lock exists and isn't empty. A lock whose owner is dead is emptied by removing its file. The name is the
 * owner's alone, so two waiting processes can't remove the lock of a living one.
 */
async function locked<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const lock = join(directory, LOCK);
  await makeDirectory(directory);
  const release = await acquire(lock, async (owner, since) => {
    if (Date.now() - since > PATIENCE.wait) {
      fail({
        expected: `to write to "${directory}"`,
        received: `a lock that ${ownerText(owner)} has held for ${PATIENCE.wait / 1000} s`,
        fix: `Stop that process. If it isn't running, remove "${lock}".`,
      });
    }
    await setTimeout(2 + 18 * Math.random());
    return true;
  });
  try {
    return await action();
  } finally {
    await release!();
  }
}

/**
 * Makes this process the owner of a lock. `wait` is called while a living owner has it, with the time when it was first seen; false gives up.
 *
 * @returns a function that gives the lock back; undefined when `wait` gave up
 */
export async function acquire(
  lock: string,
  wait: (owner: string, since: number) => Promise<boolean>,
): Promise<Release | undefined> {
  const owner = [hostname(), process.pid, threadId, randomUUID()].join('~');
  const own = join(dirname(lock), `${LOCK}~${owner}`);
  const forget = async () => {
    held.delete(owner);
    await rm(own, { recursive: true, force: true });
  };
  held.add(owner);
  try {
    await writingTo(dirname(lock), async () => {
      await createDirectories(own); // its folder may have been tidied away
      await writeFile(join(own, owner), '');
    });
    if (!(await taken(own, lock, wait))) {
      await forget();
      return undefined;
    }
  } catch (error) {
    await forget();
    throw error;
  }
  return async () => {
    try {
      await unlink(join(lock, owner));
      await rmdir(lock).catch(() => {}); // the next owner may have renamed its own over it already
    } finally {
      await forget();
    }
  };
}

async function taken(own: string, lock: string, wait: Parameters<typeof acquire>[1]): Promise<boolean> {
  let [last, since] = ['', Date.now()];
  while (!(await renamed(own, lock))) {
    const owner = (await namesIn(lock))[0] ?? '';
    if (owner !== last) [last, since] = [owner, Date.now()];
    if (owner === '') {
      await rmdir(lock).catch(() => {}); // removes an empty one only
    } else if (await isDead(owner, join(lock, owner))) {
      await unlink(join(lock, owner)).catch(() => {}); // rm could remove the next owner's lock
    } else if (!(await wait(owner, since))) return false;
  }
  return true;
}

const renamed = (own: string, lock: string): Promise<boolean> =>
  rename(own, lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code ?? '')) return false;
      throw error;
    },
  );

/** Whether the process of an owner has ended. @param file the owner's, whose time counts for another machine */
export async function isDead(owner: string, file: string): Promise<boolean> {
  const [machine, pid, thread] = owner.split('~');
  if (machine === hostname() && !isRunning(Number(pid))) return true;
  if (machine === hostname() && Number(pid) === process.pid && Number(thread) === threadId) return !held.has(owner);
  if (machine === hostname()) return false;
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > PATIENCE.otherMachine;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is another user's
  }
}

export const ownerText = (owner: string): string => {
  const [machine, pid] = owner.split('~');
  return `process ${pid} on ${machine}`;
};

export const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => []);

/** Removes what killed processes left beside the lock while they waited for it. Call it with the lock. */
export async function sweepLocks(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = name.startsWith(`${LOCK}~`) ? name.slice(LOCK.length + 1) : undefined;
    if (owner !== undefined && (await isDead(owner, join(directory, name))))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** Creates a directory and its missing parents, on the disk too. @throws PolytaskError that names it, when it can't be made */
export const makeDirectory = (directory: string): Promise<void> =>
  writingTo(directory, async () => {
    for (const made of await createDirectories(resolve(directory))) await syncDirectory(dirname(made));
  });

/**
 * As `recursive` of Node, which tries forever where a parent refuses with ENOENT, as `/proc` does, and hides why other places refuse.
 *
 * @returns the new directories, the outer one first
 */
async function createDirectories(directory: string): Promise<string[]> {
  try {
    return await createdOne(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const parent = dirname(directory);
    const outer = (await isDirectory(parent)) ? [] : await createDirectories(parent);
    return [...outer, ...(await createdOne(directory))];
  }
}

async function createdOne(directory: string): Promise<string[]> {
  try {
    await mkdir(directory);
    return [directory];
  } catch (error) {
    if (await isDirectory(directory)) return [];
    throw error;
  }
}

const isDirectory = (place: string): Promise<boolean> =>
  stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Runs an action that writes to a place. @throws PolytaskError that names it, and what the system said, when the system refuses */
export async function writingTo<T>(place: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const fix = ['ENOSPC', 'EDQUOT'].includes(code) ? 'Make room on the disk' : 'See whether you may write there';
    throw new PolytaskError(`Can't write "${place}" (${message}). ${fix}, or name another place.`, { cause: error });
  }
}

/** Writes the names of a directory to the disk. Windows can't, and doesn't need to. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
