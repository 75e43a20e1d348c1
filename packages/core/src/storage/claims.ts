import { rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from './directories.ts';
import type { Claim, Release } from './folder.ts';
import { acquire, isDead, namesIn, ownerText, sweepLocks } from './turns.ts';

/** The folder of the claims of a directory. Each claim is a lock there. */
const CLAIMS = '.polytask-claims';

/** How often an owner says that it lives, and after which time without a sign its claim counts as left behind. */
const SIGNS = { between: 60_000, patience: 600_000 };

/** Claims a name of a directory. @returns undefined while another living process, or this one, has it */
export async function claimIn(directory: string, name: string): Promise<Release | undefined> {
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

/** The claims of a directory that living processes have. */
export async function claimsOf(directory: string): Promise<Claim[]> {
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
