import { fileURLToPath } from 'node:url';
import { fail } from '@polytask/core';
import { environment } from '../environment.ts';
import { type ModuleAt, modulesAt } from '../modules/imported-modules.ts';
import type { JobNeeds } from './trial-job.ts';

/** The versions that a worker and its coordinator must share: all but that of Node, which results name. */
export function sharedVersions(engine: string): Readonly<Record<string, string>> {
  const { node: _, ...shared } = environment(engine).versions;
  return shared;
}

/** The modules of a process by SHA-256. */
export type OwnModules = ReadonlyMap<string, ModuleAt>;

/** Identifies the plugins of a process. @param urls as `loadPlugins` returns them */
export const ownModules = async (urls: readonly string[]): Promise<OwnModules> =>
  new Map((await modulesAt(urls)).map((module) => [module.sha256, module]));

/** Finds the file of a module by its SHA-256. @throws PolytaskError when the process hasn't imported it at its start */
export const fileOf =
  (own: OwnModules) =>
  (sha256: string): string => {
    const module = own.get(sha256);
    if (module) return fileURLToPath(module.url);
    return fail({ expected: 'a module that this worker has', received: sha256, fix: 'Name it with --import.' });
  };

/**
 * Checks that a worker computes what the coordinator would.
 *
 * @throws PolytaskError, the reason of a refusal, when it has another version, or misses a module
 */
export function checkNeeds({ versions, modules }: JobNeeds, engine: string, own: OwnModules): void {
  const ownVersions = sharedVersions(engine);
  for (const [name, version] of Object.entries(versions)) {
    if (ownVersions[name] === version) continue;
    fail({
      expected: `${name} ${version}, as the study has`,
      received: ownVersions[name] ?? 'none',
      fix: `Run npm install ${name}@${version} for the worker.`,
    });
  }
  for (const { name, sha256 } of modules) {
    if (own.has(sha256)) continue;
    const other = [...own.values()].some((each) => each.name === name);
    fail({
      expected: `the module ${name} of the study`,
      received: other ? 'a module of this name with another content' : 'none',
      fix: 'Install it for the worker, and name it in polytask.config.ts or with --import.',
    });
  }
}
