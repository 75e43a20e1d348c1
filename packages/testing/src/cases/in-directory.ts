/** Runs the work with a new directory, which is gone afterwards. The modules of Node are imported on demand. */
export async function inDirectory<R>(work: (directory: string) => Promise<R>): Promise<R> {
  const [{ mkdtemp, rm }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'polytask-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
