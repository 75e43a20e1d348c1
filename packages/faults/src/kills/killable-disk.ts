import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/** The moment of a kill at a call: before its effect, after it, or, for a write, after half of its bytes. */
export const MOMENTS = ['before', 'within', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

export class Killed extends Error {}

type Method = (...parameters: never[]) => Promise<unknown>;

/** The functions of `node:fs/promises` that change files, as far as Polytask uses them. */
const FUNCTIONS = ['mkdir', 'open', 'rename', 'rm', 'rmdir', 'unlink', 'writeFile'] as const;
const HANDLE_FUNCTIONS = ['writeFile', 'truncate', 'sync', 'datasync'] as const;

/**
 * Runs an action, and kills it at call `at` of those that change files (Infinity: at none): this call and all later ones throw. So the files
 * are as a killed process leaves them; after a power cut, they are what was on the disk. A sync is only noted, which saves time.
 *
 * @returns the names of the calls up to the kill
 */
export async function killedAt(
  root: string,
  { at, moment, power = false }: { at: number; moment: Moment; power?: boolean },
  action: () => Promise<unknown>,
): Promise<string[]> {
  const real = Object.fromEntries(FUNCTIONS.map((name) => [name, fs.promises[name]])) as Record<string, Method>;
  const disk = power ? powerCut(root) : undefined;
  const calls: string[] = [];
  let dead = false;

  const call = async <T>(name: string, effect: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    if (dead) throw new Killed('killed');
    if (calls.push(name) - 1 !== at) return effect();
    dead = true;
    if (moment === 'within') await half?.();
    if (moment === 'after') await ((await effect()) as Partial<FileHandle> | undefined)?.close?.();
    throw new Killed('killed');
  };
  const halfOf = (content: unknown) =>
    Buffer.from(content as string).subarray(0, Buffer.from(content as string).length >> 1);

  const wrapHandle = (handle: FileHandle, place: string): FileHandle => {
    for (const name of HANDLE_FUNCTIONS) {
      const method = handle[name].bind(handle) as Method;
      const run = (...parameters: unknown[]) => {
        const isSync = name === 'sync' || name === 'datasync';
        const effect = async () => void (isSync ? disk?.synced(place) : await method(...(parameters as never[])));
        const half = name === 'writeFile' ? () => method(halfOf(parameters[0]) as never) : undefined;
        return call(name, effect, half);
      };
      Object.assign(handle, { [name]: run });
    }
    return handle;
  };

  for (const name of FUNCTIONS) {
    const wrapped = async (place: string, ...parameters: unknown[]) => {
      const result = () => real[name]!(...([place, ...parameters] as never[]));
      if (name !== 'open') return call(name, result);
      const opened = async () => {
        const isNew = !fs.existsSync(place);
        const handle = (await result()) as FileHandle;
        if (isNew) disk?.created(place);
        return wrapHandle(handle, place);
      };
      return parameters[0] === 'r' ? opened() : call(name, opened);
    };
    Object.assign(fs.promises, { [name]: wrapped });
  }
  syncBuiltinESMExports();
  try {
    await action().catch((error: unknown) => {
      if (!dead) throw error;
    });
  } finally {
    Object.assign(fs.promises, real);
    syncBuiltinESMExports();
  }
  if (dead) disk?.cut();
  return calls;
}

/** A file on the disk: its bytes at its last sync. */
interface SyncedFile {
  content: Uint8Array | string;
}

/**
 * The files below a root that a power cut would leave, by the strictest reading of POSIX. A file has the bytes of its last sync, and a
 * directory the names of its last sync. Files that were there at the start were synced.
 */
function powerCut(root: string) {
  const files = new Map<number, SyncedFile>();
  /** By directory, the synced names with their files; undefined for a directory. */
  const names = new Map<string, Map<string, SyncedFile | undefined>>();

  const fileAt = (file: string): SyncedFile => {
    const { ino } = fs.statSync(file);
    if (!files.has(ino)) files.set(ino, { content: '' });
    return files.get(ino)!;
  };
  /** The file or directory was synced. */
  const synced = (file: string): void => {
    if (fs.statSync(file).isDirectory()) {
      const entries = fs.readdirSync(file, { withFileTypes: true });
      const syncedOf = (entry: fs.Dirent) => (entry.isDirectory() ? undefined : fileAt(path.join(file, entry.name)));
      names.set(file, new Map(entries.map((entry) => [entry.name, syncedOf(entry)])));
    } else fileAt(file).content = fs.readFileSync(file);
  };
  const restore = (directory: string) => {
    fs.rmSync(directory, { recursive: true, force: true });
    fs.mkdirSync(directory);
    for (const [name, file] of names.get(directory) ?? []) {
      const place = path.join(directory, name);
      if (file) fs.writeFileSync(place, file.content);
      else restore(place);
    }
  };
  const places = ['', ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' })].map((name) =>
    path.join(root, name),
  );
  for (const place of places.reverse()) synced(place); // what is in a directory before the directory
  return {
    synced,
    /** A new file, which may have the inode of one that was removed. */
    created: (file: string) => void files.set(fs.statSync(file).ino, { content: '' }),
    /** Puts the files back to what was synced. */
    cut: () => restore(root),
  };
}
