import { open } from 'node:fs/promises';

/** Adds a line to a file in one write, which no other process's can come into, and which waits for the disk. */
export async function appendLine(file: string, line: string): Promise<void> {
  const bytes = Buffer.from(`${line}\n`);
  const handle = await open(file, 'a');
  try {
    const { size } = await handle.stat();
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) {
      await handle.truncate(size);
      throw new Error(`The disk took ${bytesWritten} of ${bytes.length} bytes of a line of ${file}: is it full?`);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
