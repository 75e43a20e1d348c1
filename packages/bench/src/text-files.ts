import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';

/** The text of a file; '' where there is no file. */
export const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });

/** Appends a line in one write and waits for the disk. Lines of several processes don't mix. @throws when the disk is full */
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

/** Writes a file under another name and renames it, so that no reader sees half of it. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
