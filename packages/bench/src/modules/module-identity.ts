import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createReadStream } from 'node:fs';
import { sha256Of } from '@polytask/core';
import { installedPackage } from '../engines.ts';

/** A module with code, by its content. It is plain data: other processes compare it with their own. */
export interface ModuleIdentity {
  /** The path inside `node_modules`, or the name of the file. */
  readonly name: string;
  /** A hash of the module's code, and of the code that it imports. */
  readonly sha256: string;
}

export interface ModuleCode extends ModuleIdentity {
  readonly file: string;
  /** The module and the files that it imports, directly or not. */
  readonly files: ReadonlySet<string>;
}

/** Identifies a module by its code and all code that it imports, as found in the text. Of packages, name and version count. */
export async function moduleCode(urlOrPath: string): Promise<ModuleCode> {
  const file = await realpath(urlOrPath.startsWith('file:') ? fileURLToPath(urlOrPath) : urlOrPath);
  const inPackage = file.split(/[\\/]node_modules[\\/]/).at(-1)!;
  const numbers = new Map<string, number>();
  const parts: { readonly sha256: string; readonly imports: readonly (number | string)[] }[] = [];
  const resolve = await resolver();
  const visit = async (each: string): Promise<number> => {
    const before = numbers.get(each);
    if (before !== undefined) return before;
    const [number, imports] = [numbers.size, [] as (number | string)[]];
    numbers.set(each, number);
    const { sha256, specifiers } = await readModule(each);
    parts[number] = { sha256, imports };
    for (const specifier of specifiers) {
      const target = await resolve(specifier, each);
      if (typeof target === 'object') imports.push(await visit(target.file));
      else if (target !== undefined) imports.push(target);
    }
    return number;
  };
  await visit(file);
  return {
    name: inPackage === file ? path.basename(file) : inPackage,
    sha256: hashOf(JSON.stringify(parts)),
    file,
    files: new Set(numbers.keys()),
  };
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const CODE = /\.[cm]?[jt]sx?$/;
const IMPORTED = /\b(?:from|import|require|resolve)\s*\(?\s*(?:\/\*.*?\*\/\s*)?(['"`])([^'"`\n$]+)\1/g;
const RELATIVE = /(['"`])(\.{1,2}\/[^'"`\n$]+)\1/g;

/** The hash of a file, and the specifiers of its imports in the order of the text. A file that isn't code has none. */
async function readModule(file: string): Promise<{ sha256: string; specifiers: string[] }> {
  if (!CODE.test(file)) return { sha256: await fileDigest(file), specifiers: [] };
  const bytes = await readFile(file);
  const text = bytes.toString('utf8');
  const matches = [IMPORTED, RELATIVE].flatMap((pattern) => [...text.matchAll(pattern)]);
  const specifiers = matches.sort((a, b) => a.index - b.index).map((match) => match[2]!);
  return { sha256: hashOf(bytes), specifiers: [...new Set(specifiers)] };
}

/** A file to follow, or the `name@version` of a package. Undefined for a text that is no import. */
type Target = { readonly file: string } | string | undefined;

/** Their versions stand in each trial. */
const OWN = /^(@polytask\/|@tensorflow\/|polytask$|polytask\/)/;

async function resolver(): Promise<(specifier: string, from: string) => Promise<Target>> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, { fsCache: false });
  return async (specifier, from) => {
    if (isBuiltin(specifier) || OWN.test(specifier)) return undefined;
    const parentURL = pathToFileURL(from).href;
    const url = jiti.esmResolve(specifier, { parentURL, try: true });
    const file = url?.startsWith('file:') ? await existing(fileURLToPath(url)) : undefined;
    if (file !== undefined && (/^[.#]/.test(specifier) || !isInstalled(file))) return { file };
    const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
    const installed = name === undefined ? undefined : installedPackage(name, parentURL, { withPrivate: true });
    return installed && `${installed.name}@${installed.version}`;
  };
}

/** Whether a file is one of an installed package, and not of a package that is linked to its sources. */
export const isInstalled = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file);

const existing = (file: string): Promise<string | undefined> =>
  stat(file).then(
    (found) => (found.isFile() ? realpath(file) : undefined),
    () => undefined,
  );

const known = new Map<string, string>();

/** SHA-256 of a file, in hexadecimal digits. A file that keeps its size and time is read once. */
export async function fileDigest(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const state = JSON.stringify([file, size, mtimeMs]);
  const digits = known.get(state) ?? (await sha256Of(createReadStream(file)));
  known.set(state, digits);
  return digits;
}
