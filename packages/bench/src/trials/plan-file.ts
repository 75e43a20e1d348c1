import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checks, fail, type FolderWriter, openFolder, parseJson, readDocument } from '@polytask/core';
import { planDocument, type StudyPlan } from '@polytask/study';

const NAME = 'plan.json';

/** The plan of the last run of a directory, and what the run began with. */
export interface StartedPlan {
  readonly plan: StudyPlan;
  /** The start of the trials, in milliseconds since 1970. */
  readonly started: number;
  /** How many trials were there already. */
  readonly there: number;
}

const { number, shaped } = checks;
const startedPlan = shaped({ plan: planDocument, started: number(), there: number() });

/** Writes the plan of a run to its directory. */
export const writePlan = (writer: FolderWriter, started: StartedPlan): Promise<void> =>
  writer.replace(NAME, `${JSON.stringify(started)}\n`);

/**
 * Reads the plan of a directory.
 *
 * @throws PolytaskError when there is none, or when it isn't a plan
 */
export const readPlan = async (directory: string): Promise<StartedPlan> =>
  (await findPlan(directory)) ??
  fail({
    expected: `the plan of a study in ${path.join(directory, NAME)}`,
    received: 'none',
    fix: 'Name a directory that polytask bench has written to (--out).',
  });

/** The plan of a directory, perhaps compressed, as published ones are. Undefined without one. */
export async function findPlan(directory: string): Promise<StartedPlan | undefined> {
  const folder = openFolder(directory);
  for (const name of [NAME, `${NAME}.gz`]) {
    const bytes = await folder.read(name);
    if (bytes !== undefined) return planOf(name === NAME ? bytes : unpacked(bytes, name), path.join(directory, name));
  }
  return undefined;
}

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const received = `damaged bytes: ${(error as Error).message}`;
    return fail({ expected: `gzip in ${name}`, received, fix: 'Take the file from where it was published.' });
  }
}

function planOf(bytes: Uint8Array, file: string): StartedPlan {
  const value = parseJson(bytes, `a plan as JSON in ${file}`);
  return readDocument(
    startedPlan,
    value,
    `The plan of a study in ${file}`,
    'Run polytask bench with this --out again.',
  );
}
