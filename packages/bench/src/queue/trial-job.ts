import { fileURLToPath } from 'node:url';
import { anything, flag, listOf, oneOf, optional, record, shaped, string, wholeNumber } from '@polytask/components';
import { fail, readDocument, type ReadValue } from '@polytask/components';
import { contentKey, trialDocument, type TrialSpec } from '@polytask/study';
import { manifestDocument } from './data-manifest.ts';
import { environment } from '../engines.ts';
import { type ModuleAt, modulesAt } from '../modules/imported-modules.ts';

/** A trial on the queue: plain data without secrets. */
export interface TrialJob {
  /** The trial. The paths of its request are relative to the roots in `needs`. */
  readonly spec: TrialSpec;
  readonly needs: JobNeeds;
  /** An id of the run that trains the trial anew (`force`). Undefined where an earlier result counts. */
  readonly run?: string | undefined;
}

/** The id of a job: a hash of its content. Equal jobs of two coordinators have one id, wherever their data is. */
export const jobId = ({ needs: { files, directory, ...needs }, ...job }: TrialJob): string =>
  `${job.spec.measures}-${contentKey({ ...job, needs, data: [files?.hash, directory?.hash] })}`; // BullMQ refuses ids of digits alone

const needsDocument = shaped({
  versions: record(string),
  modules: listOf(shaped({ name: string, sha256: string })),
  ...{ files: optional(manifestDocument), directory: optional(manifestDocument) },
});

/** What a worker must have, so that the trial has the numbers that it has at the coordinator. */
export type JobNeeds = ReadValue<typeof needsDocument>;

const { suite, model, seed, fold, engine, config, parts } = trialDocument;
const jobDocument = shaped({
  spec: shaped({
    ...{ suite, model, seed, fold, engine, config, parts, key: string, setting: string },
    measures: oneOf('validation', 'test'),
    mode: oneOf('compiled', 'compiled-wasm', 'eager'),
    ...{ keepPredictions: optional(flag), diagnosed: optional(flag) },
    request: shaped({
      ...{ suite: string, files: listOf(string), directory: optional(oneOf('.')) },
      ...{ limitRows: optional(wholeNumber()), data: record(anything), tasks: optional(listOf(string)) },
      folds: optional(wholeNumber()),
    }),
  }),
  needs: needsDocument,
  run: optional(string),
});

/** A job as it came out of Redis. @throws PolytaskError when it is none: anybody who can write to Redis may have put it there */
export function readJob(data: unknown): TrialJob {
  readDocument(jobDocument, data, 'A trial on the queue', 'Look who writes to this queue.');
  return data as TrialJob; // as it is: keys are hashes of all of it
}

/** The versions that a worker and its coordinator must share: all but that of Node, which results name. */
export function sharedVersions(engine: string): Readonly<Record<string, string>> {
  const { node: _, ...shared } = environment(engine).versions;
  return shared;
}

export type OwnModules = ReadonlyMap<string, ModuleAt>;

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

/** Refuses a trial of which this worker has another version or misses a module. */
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
