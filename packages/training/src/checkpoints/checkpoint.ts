import { isObject, mapValues, sum, PolytaskError, fail } from '@polytask/components';
import {
  type NamedTensor,
  type TensorParts,
  readBundle,
  writeBundle,
  listFolder,
  moveFolder,
  removeFolder,
} from '@polytask/core';
import type { RunState } from '../progress/run-state.ts';
import { inside, notice } from '#platform';

const STEP = /^step-(\d{8,})$/;

const CHECKPOINT = 'checkpoint.json';
const FORMAT = 'polytask-checkpoint';
const VERSION = 1;

/** The complete checkpoints in a directory, oldest first. Folders of an interrupted write are left out. */
async function checkpointsIn(directory: string): Promise<{ name: string; step: number }[]> {
  const steps = (await listFolder(directory)).flatMap((name) => {
    const match = STEP.exec(name);
    return match ? [{ name, step: Number(match[1]) }] : [];
  });
  const isComplete = await Promise.all(
    steps.map(async ({ name }) => (await listFolder(inside(directory, name))).includes(CHECKPOINT)),
  );
  return steps.filter((_, i) => isComplete[i]).sort((a, b) => a.step - b.step);
}

export interface FoundCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Later checkpoints that can't be read. */
  readonly damaged: readonly string[];
}

/** The newest whole checkpoint in a directory, or the directory itself. @throws PolytaskError when all checkpoints are damaged */
export async function readNewest(directory: string): Promise<FoundCheckpoint | undefined> {
  if ((await listFolder(directory)).includes(CHECKPOINT)) {
    return { path: directory, checkpoint: await readCheckpoint(directory), damaged: [] };
  }
  const damaged: { path: string; error: PolytaskError }[] = [];
  for (const { name } of (await checkpointsIn(directory)).reverse()) {
    const path = inside(directory, name);
    try {
      const checkpoint = await readCheckpoint(path);
      if (damaged[0]) notice(`${damaged[0].error.message} The checkpoint "${path}" is taken instead.`);
      return { path, checkpoint, damaged: damaged.map((each) => each.path) };
    } catch (error) {
      if (!(error instanceof PolytaskError)) throw error;
      damaged.push({ path, error });
    }
  }
  if (damaged[0]) throw damaged[0].error;
  return undefined;
}

/** Checks a directory before the first step, and renames damaged checkpoints. @throws PolytaskError when it has later ones, of another run */
export async function prepareDirectory(directory: string, from: FoundCheckpoint | undefined): Promise<void> {
  for (const path of from?.damaged ?? []) {
    await removeFolder(`${path}.damaged`);
    await moveFolder(path, `${path}.damaged`);
  }
  const step = from?.checkpoint.state.step ?? 0;
  const newest = (await checkpointsIn(directory)).at(-1);
  if (newest && (from === undefined || newest.step > step)) {
    fail({
      expected: `no checkpoints${from === undefined ? '' : ` after step ${step}`} in "${directory}" before this run`,
      received: newest.name,
      fix: 'Pass resume: true to go on from it, remove it, or choose another directory.',
    });
  }
}

/** Writes a checkpoint, and removes all but the newest `keep`. Returns its path. */
export async function writeCheckpoint(directory: string, checkpoint: Checkpoint, keep: number): Promise<string> {
  const { identity, random, state, parameters, slots, best = {}, changes } = checkpoint;
  const path = inside(directory, `step-${String(state.step).padStart(8, '0')}`);
  const groups = { parameters, slots, best, ...changesToTensors(changes) };
  const tensors = Object.entries(groups).flatMap(([group, named]) =>
    Object.entries(named).map(([name, tensor]) => [`${group}.${name}`, tensor] as const),
  );
  await writeBundle(path, CHECKPOINT, {
    document: { format: FORMAT, version: VERSION, identity, random, state: mapLeaves(state, encoded) },
    tensors: Object.fromEntries(tensors),
  });
  for (const { name } of (await checkpointsIn(directory)).slice(0, -keep)) await removeFolder(inside(directory, name));
  return path;
}

type Tensors = Readonly<Record<string, NamedTensor>>;

/** The complete state of a run at one moment. A run that resumes gives the same results as an uninterrupted run. */
export interface Checkpoint {
  readonly identity: Identity;
  readonly state: RunState;
  /** The counters of the model's random streams. */
  readonly random: Readonly<Record<string, number>>;
  readonly parameters: Tensors;
  readonly slots: Tensors;
  readonly best: Tensors | undefined;
  /** The rows of tables that changed since the best epoch, with their numbers of that epoch, by table. */
  readonly changes: Changes;
}

/** Rows of a table with their earlier values. */
export interface SavedRows {
  /** [count], each id once. */
  readonly ids: Int32Array;
  /** [count × dimension] */
  readonly values: Float32Array;
}

export type Changes = Readonly<Record<string, readonly SavedRows[]>>;

async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const { document, tensors } = await readBundle(directory, CHECKPOINT);
  const { format, version, identity, random, state: written } = document as Record<string, unknown> & Checkpoint;
  const place = `${CHECKPOINT} in "${directory}"`;
  if (format !== FORMAT)
    throw new PolytaskError(
      `${place} is not a checkpoint: its format is ${JSON.stringify(format)}. Pass a directory that fit wrote.`,
    );
  if (version !== VERSION)
    throw new PolytaskError(
      `${place} has format version ${String(version)}, this version of Polytask reads up to ${VERSION}. Update it.`,
    );
  const state = mapLeaves(written, decoded) as RunState;
  const group = (prefix: string): Tensors => {
    const names = Object.keys(tensors).filter((name) => name.startsWith(prefix));
    return Object.fromEntries(names.map((name) => [name.slice(prefix.length), tensors[name]!]));
  };
  const rows = group('changed-rows.');
  return {
    ...{ identity, random, state, parameters: group('parameters.'), slots: group('slots.') },
    best: state.stopper?.best ? group('best.') : undefined,
    changes: mapValues(group('changed-ids.'), ({ data }, table) => [
      { ids: data as Int32Array, values: rows[table]!.data as Float32Array },
    ]),
  };
}

/** The parts of a table's changes follow one another in one tensor. */
const changesToTensors = (changes: Changes): Record<'changed-ids' | 'changed-rows', Record<string, TensorParts>> => {
  const named = (dtype: NamedTensor['dtype'], key: keyof SavedRows) =>
    mapValues(changes, (parts): TensorParts => {
      const data = parts.map((part) => part[key]);
      return { dtype, shape: [sum(data, ({ length }) => length)], data };
    });
  return { 'changed-ids': named('int32', 'ids'), 'changed-rows': named('float32', 'values') };
};

/** The model, rows, options and own code of a run, as plain JSON. A checkpoint can only be resumed by a run with the same identity. */
export type Identity = Readonly<Record<string, unknown>>;

/** JSON has no NaN and no infinities: they are written by their names. */
const NAMES: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];
const encoded = (value: unknown): unknown => (NAMES.includes(String(value)) ? String(value) : value);
const decoded = (value: unknown): unknown => (NAMES.includes(value) ? Number(value) : value);

function mapLeaves(value: unknown, of: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapLeaves(each, of));
  return isObject(value) ? mapValues(value, (each) => mapLeaves(each, of)) : of(value);
}
