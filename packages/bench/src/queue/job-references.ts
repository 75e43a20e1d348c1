import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import { type DatasetAccess, datasetFiles, parseWrittenJson } from '@polytask/data';
import type { DataRequest } from '@polytask/study';
import { type DataManifest, directoryManifest, manifestOf } from './data-manifest.ts';
import { identityOf } from '../modules/imported-modules.ts';
import type { ModuleIdentity } from '../modules/module-identity.ts';

/** A request whose paths are relative, and the content that they refer to. */
export interface ReferencedRequest {
  readonly request: DataRequest;
  /** The JSON files of the suite, and the rows of a data set that one of them describes. */
  readonly files?: DataManifest | undefined;
  readonly directory?: DataManifest | undefined;
  /** The modules with components, metrics and suites. Their code doesn't travel: a worker has them installed. */
  readonly modules: readonly ModuleIdentity[];
}

/** Stands before the SHA-256 of a suite's module, in place of its path. */
const MODULE = 'module:';

export async function referenceOf(request: DataRequest, access: DatasetAccess = {}): Promise<ReferencedRequest> {
  const documents = request.files.filter((file) => file.endsWith('.json'));
  const all = (await Promise.all(documents.map((file) => filesOf(file, access)))).flat();
  const root = commonFolder(all);
  const files = all.length === 0 ? undefined : await manifestOf(root, [...new Set(all)]);
  const directory = request.directory === undefined ? undefined : await directoryManifest(request.directory);
  const modules: ModuleIdentity[] = [];
  const places: string[] = [];
  for (const file of request.files) {
    if (documents.includes(file)) places.push(path.relative(root, file).split(path.sep).join('/'));
    else {
      const identity = await identityOf(file);
      modules.push(identity);
      places.push(MODULE + identity.sha256);
    }
  }
  return { request: { ...request, files: places, directory: directory && '.' }, files, directory, modules };
}

export interface LocalPlaces {
  /** The folder of a manifest's files. @param options `whole`: whether a folder that the job chose must be without other files */
  readonly folderOf: (manifest: DataManifest, options?: { readonly whole?: boolean }) => Promise<string>;
  readonly moduleOf: (sha256: string) => string;
  readonly access?: DatasetAccess | undefined;
}

/** Turns the references of a request into the paths of this machine. A job must not choose what a worker imports or reads. */
export async function resolveRequest(
  { request, files, directory }: Omit<ReferencedRequest, 'modules'>,
  { folderOf, moduleOf, access = {} }: LocalPlaces,
): Promise<DataRequest> {
  const root = files && path.resolve(await folderOf(files));
  const known = new Set(files?.files.map((each) => path.join(root!, each.path)));
  const pathOf = async (file: string) => {
    if (file.startsWith(MODULE)) return moduleOf(file.slice(MODULE.length));
    const document = path.join(root ?? '', file);
    const isKnown = file.endsWith('.json') && known.has(document);
    const other = isKnown ? (await filesOf(document, access)).find((each) => !known.has(each)) : file;
    if (other === undefined) return document;
    return fail({
      expected: 'a job with a JSON file of its data, which leads to no other file, or a module by its SHA-256',
      received: `"${other}"`,
      fix: 'Look who writes to this queue.',
    });
  };
  return {
    ...request,
    files: await Promise.all(request.files.map(pathOf)),
    directory: directory && (await folderOf(directory, { whole: true })),
  };
}

/** A JSON file of a suite, and those that it extends; for one that describes a data set, the files of its rows as well. */
async function filesOf(file: string, access: DatasetAccess, before: readonly string[] = []): Promise<string[]> {
  if (before.includes(file)) return [];
  const document = parseWrittenJson(await readFile(file), `a suite as JSON in ${file}`);
  const { features, extends: base } = Object(document) as { readonly features?: unknown; readonly extends?: unknown };
  const isFile = typeof base === 'string' && base.endsWith('.json');
  if (isFile) return [file, ...(await filesOf(path.resolve(path.dirname(file), base), access, [...before, file]))];
  if (features === undefined || base !== undefined) return [file];
  const files = await datasetFiles(file, access);
  const folder = path.dirname(path.resolve(file));
  const outside = files.find((each) => path.relative(folder, each).startsWith('..') || !path.isAbsolute(each));
  if (outside === undefined) return files;
  return fail({
    expected: `a data set with all files below ${folder}, so that workers can get them`,
    received: outside,
    fix: 'Copy the file there, or run without --queue.',
  });
}

function commonFolder(files: readonly string[]): string {
  const parts = files.map((file) => path.dirname(path.resolve(file)).split(path.sep));
  const depth = parts[0]?.findIndex((part, i) => parts.some((each) => each[i] !== part)) ?? 0;
  return (depth === -1 ? parts[0]! : (parts[0]?.slice(0, depth) ?? [])).join(path.sep) || path.sep;
}
