import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { custom, fail, listOf, PolytaskError, type ReadValue, shaped, string, wholeNumber } from '@polytask/components';
import { contentKey } from '@polytask/study';
import { fileDigest } from '../modules/module-identity.ts';

const sha256 = custom<string>((value, where) => {
  if (/^[0-9a-f]{64}$/.test(string.read(value, where))) return;
  throw new PolytaskError(`Expected 64 hexadecimal digits for ${where}.`);
});

/** Files of data by their content, as a job of the queue has them. */
export const manifestDocument = shaped({
  hash: string,
  /** The folder at the coordinator. A worker that shares its file system reads the files there. */
  root: string,
  /** Each with its path below the root, with `/` between folders. */
  files: listOf(shaped({ path: string, bytes: wholeNumber(), sha256 })),
});

export type DataManifest = ReadValue<typeof manifestDocument>;
export type DataFile = DataManifest['files'][number];

/** A directory with more files is no data set, but a home directory named by mistake. */
const MOST_FILES = 1000;

/** Describes files by their content. @param files absolute paths @param root a folder above all of them */
export async function manifestOf(root: string, files: readonly string[]): Promise<DataManifest> {
  const described: DataFile[] = [];
  for (const file of [...files].sort()) {
    described.push({
      path: path.relative(root, file).split(path.sep).join('/'),
      bytes: (await stat(file)).size,
      sha256: await fileDigest(file),
    });
  }
  return { hash: contentKey(described), root, files: described };
}

/** Describes all files below a directory, without hidden ones. */
export async function directoryManifest(directory: string): Promise<DataManifest> {
  const root = path.resolve(directory);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/(^|[\\/])\./.test(path.relative(root, file)));
  if (files.length === 0 || files.length > MOST_FILES) {
    fail({
      expected: `a directory of 1 to ${MOST_FILES} data files`,
      received: `${directory} with ${files.length}`,
      fix: "Put the suite's data into a directory of its own.",
    });
  }
  return manifestOf(root, files);
}

export type Agreement = { readonly all: true } | { readonly missing: string } | { readonly different: string };

/** Compares a folder with a manifest, file by file. A file with other content counts before a missing one. */
export async function compareFolder(folder: string, { files }: DataManifest): Promise<Agreement> {
  let missing: string | undefined;
  for (const file of files) {
    const place = path.join(folder, file.path);
    const found = await stat(place).catch(() => undefined);
    if (!found?.isFile()) missing ??= file.path;
    else if (found.size !== file.bytes || (await fileDigest(place)) !== file.sha256) return { different: file.path };
  }
  return missing === undefined ? { all: true } : { missing };
}

/** Whether a manifest has files, all below its root, and is named by their content: a job must not choose where a worker writes. */
export const isSound = ({ hash, files }: DataManifest): boolean =>
  files.length > 0 &&
  hash === contentKey(files) &&
  files.every(({ path: file }) => {
    const place = path.posix.normalize(file);
    return !path.isAbsolute(file) && !/^\.\.(\/|$)/.test(place) && !place.includes('\\');
  });
