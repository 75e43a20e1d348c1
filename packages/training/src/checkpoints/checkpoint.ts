import {
  mapValues,
  recordOf,
  anything,
  custom,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  sum,
  wholeNumber,
} from '@polytask/components';
import {
  type NamedTensor,
  type TensorParts,
  PolytaskError,
  readDocument,
  fail,
  readBundle,
  writeBundle,
  listFolder,
  moveFolder,
  removeFolder,
} from '@polytask/core';
import type { SavedRows } from '../optimizers/tables/table-moment.ts';
import type { RunState } from '../progress/run-state.ts';
import { inside, notice } from '#platform';

const STEP = /^step-(\d{8,})$/;

const nameOf = (step: number): string => `step-${String(step).padStart(8, '0')}`;

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

export class CheckpointFolder {
  newest: string | undefined;

  constructor(
    readonly directory: string,
    readonly keep: number,
  ) {}

  /** Checks the directory before the first step, and renames damaged checkpoints. @throws PolytaskError when it has later ones, of another run */
  async open(from: FoundCheckpoint | undefined): Promise<void> {
    for (const path of from?.damaged ?? []) {
      await removeFolder(`${path}.damaged`);
      await moveFolder(path, `${path}.damaged`);
    }
    const step = from?.checkpoint.state.step ?? 0;
    const newest = (await checkpointsIn(this.directory)).at(-1);
    if (newest && (from === undefined || newest.step > step)) {
      fail({
        expected: `no checkpoints${from === undefined ? '' : ` after step ${step}`} in "${this.directory}" before this run`,
        received: newest.name,
        fix: 'Pass resume: true to go on from it, remove it, or choose another directory.',
      });
    }
    this.newest = from?.path;
  }

  async write(checkpoint: Checkpoint): Promise<void> {
    const path = inside(this.directory, nameOf(checkpoint.state.step));
    await writeCheckpoint(path, checkpoint);
    this.newest = path;
    const all = await checkpointsIn(this.directory);
    for (const { name } of all.slice(0, Math.max(0, all.length - this.keep)))
      await removeFolder(inside(this.directory, name));
  }
}

export const CHECKPOINT = 'checkpoint.json';

type Tensors = Readonly<Record<string, NamedTensor>>;

/** The complete state of a run at one moment. A run that resumes gives the same results as an uninterrupted run. */
export interface Checkpoint extends CheckpointDocument {
  readonly parameters: Tensors;
  /** The slots of the optimizer by name, such as `adam.m.towers.0.kernel`. */
  readonly slots: Tensors;
  readonly best: Tensors | undefined;
  /** The rows of tables that changed since the best epoch, with their numbers of that epoch, by table. */
  readonly changes: Changes;
}

export type Changes = Readonly<Record<string, readonly SavedRows[]>>;

export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  const { identity, random, state, parameters, slots, best = {}, changes } = checkpoint;
  const header = { format: 'polytask-checkpoint', version: FORMAT };
  const tensors = Object.entries({ parameters, slots, best, ...changesToTensors(changes) }).flatMap(([group, named]) =>
    Object.entries(named).map(([name, tensor]) => [`${group}.${name}`, tensor] as const),
  );
  await writeBundle(directory, CHECKPOINT, {
    document: { ...header, identity, random, state: encodeNumbers(state) },
    tensors: Object.fromEntries(tensors),
  });
}

export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  const { document, tensors } = await readBundle(directory, CHECKPOINT);
  const checked = fromDocument(document, `${CHECKPOINT} in "${directory}"`);
  const group = (prefix: string): Tensors => {
    const names = Object.keys(tensors).filter((name) => name.startsWith(prefix));
    return Object.fromEntries(names.map((name) => [name.slice(prefix.length), tensors[name]!]));
  };
  return {
    ...checked,
    parameters: group('parameters.'),
    slots: group('slots.'),
    best: checked.state.stopper?.best ? group('best.') : undefined,
    changes: changesFromTensors(group('changed-ids.'), group('changed-rows.')),
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

const changesFromTensors = (ids: Tensors, rows: Tensors): Changes =>
  recordOf(Object.keys(ids), (table) => [
    { ids: ids[table]!.data as Int32Array, values: rows[table]!.data as Float32Array },
  ]);

const FORMAT = 1;

/** The model, rows, options and own code of a run, as plain JSON. A checkpoint can only be resumed by a run with the same identity. */
export type Identity = Readonly<Record<string, unknown>>;

interface CheckpointDocument {
  readonly identity: Identity;
  readonly state: RunState;
  readonly random: Readonly<Record<string, number>>;
}

/** Replaces NaN and infinities by their names, as JSON has no such numbers. */
const encodeNumbers = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(encodeNumbers);
  return mapValues(value as Readonly<Record<string, unknown>>, encodeNumbers);
};

const anyNumber = custom<number>((value, where) =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : number().read(value, where),
);
const count = wholeNumber(0);
const total = shaped({ value: anyNumber, weight: anyNumber });

const diagnostics = shaped({ cosine: anyNumber, magnitudeRatio: anyNumber, conflicts: anyNumber });

const report = shaped({
  epoch: count,
  loss: anyNumber,
  losses: record(anyNumber),
  auxiliary: record(anyNumber),
  balancing: optional(shaped({ weights: optional(record(anyNumber)), gradients: optional(diagnostics) })),
  validation: optional(record(record(anyNumber))),
  learningRate: anyNumber,
  steps: count,
  seconds: anyNumber,
});

const stopper = shaped({
  best: optional(shaped({ epoch: count, value: anyNumber })),
  marks: listOf(anyNumber),
  first: listOf(anyNumber),
  waited: count,
});

const document = shaped({
  format: oneOf('polytask-checkpoint'),
  version: oneOf(FORMAT),
  identity: record(anything),
  random: record(count),
  state: shaped({
    epoch: wholeNumber(1),
    batch: count,
    step: count,
    totals: shaped({
      loss: total,
      tasks: record(total),
      auxiliary: record(total),
      balancing: optional(shaped({ weights: record(total), gradients: record(total) })),
    }),
    learningRate: anyNumber,
    seconds: anyNumber,
    history: listOf(report),
    stopper: optional(stopper),
    balancer: optional(anything),
  }),
});

function fromDocument(value: Readonly<Record<string, unknown>>, place: string): CheckpointDocument {
  const { format, version } = value;
  if (format !== 'polytask-checkpoint') {
    throw new PolytaskError(
      `${place} is not a checkpoint: its format is ${JSON.stringify(format)}. Pass a directory that fit wrote.`,
    );
  }
  if (typeof version === 'number' && version > FORMAT) {
    throw new PolytaskError(
      `${place} has format version ${version}, this version of Polytask reads up to ${FORMAT}. Update it.`,
    );
  }
  const { identity, random, state } = readDocument(document, value, place);
  return { identity, random, state: state as RunState };
}
