import { readdirSync } from 'node:fs';
import path from 'node:path';
import { sharedBottom } from '@polytask/baselines';
import { openResults } from '@polytask/bench';
import { embed, load, multiTaskModel, type ParameterStore, readParameters, regression, save } from '@polytask/core';
import { categorical, fitSchema, fromRows, syntheticTasks, readTrainedModel, writeTrainedModel } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { trialOf } from '@polytask/study/testing';
import { adam, earlyStopping, fit, restoreWeights, type FitOptions } from '@polytask/training';
import { withModel } from '../formats/models.ts';
import { textOf } from '../formats/temporary-files.ts';

/** Something that writes to a directory, and must lose nothing when it is killed. */
export interface Scenario {
  /** Writes what is there before. Default: nothing is. */
  prepare?(directory: string): Promise<unknown>;
  /** Can be repeated after a kill, and then ends as if it had not been killed. */
  act(directory: string): Promise<unknown>;
  /** The state of the directory as text, read as a user reads it. */
  state(directory: string): Promise<string>;
  /** How many whole states lie between the state before and the state after. Default 0. */
  readonly between?: number;
}

const tasks = syntheticTasks({ tasks: ['click', 'like'], kind: 'binary', correlation: 0.5, seed: 1 });
const IDS = 60;

/** Rows that {@link smallModel} trains on: numbers, and an id. */
export function rowsOf(count: number): ReturnType<typeof tasks.sample> {
  const numbers = tasks.sample(count, 1);
  return {
    ...numbers,
    schema: { ...numbers.schema, features: { ...numbers.schema.features, id: { kind: 'hashed', buckets: IDS } } },
    batch: (at) => ({ ...numbers.batch(at), ids: Int32Array.from(at, (row) => 2 + ((row * row) % IDS)) }),
  };
}

export const rows = rowsOf(400);

/** A model that trains in moments. Its table has sparse updates. */
export const smallModel = (seed: number) =>
  multiTaskModel({
    schema: rows.schema,
    input: embed({ dimension: 3, update: 'sparse' }),
    network: sharedBottom({ levels: [{ experts: mlp([4], { dropout: 0.2 }) }] }),
    seed,
  });

export const stateOf = async ({ store }: { readonly store: ParameterStore }): Promise<string> =>
  textOf(await readParameters(store));

export const savedAs = (directory: string, seed: number) =>
  withModel(smallModel(seed), (model) => save(model, path.join(directory, 'model')));

const modelState = async (directory: string): Promise<string> =>
  readdirSync(path.join(directory, 'model')).includes('model.json')
    ? withModel(await load(path.join(directory, 'model')), stateOf)
    : 'none';

/** A trained model, whose schema and format of rows depend on the delimiter. */
async function trainedOn(directory: string, delimiter: string): Promise<void> {
  const table = fromRows(
    Array.from(`1${delimiter}2`, (x) => ({ x, y: Number(x === '1') })),
    { features: { x: categorical() }, tasks: { y: regression() } },
  );
  const schema = fitSchema(table);
  const model = multiTaskModel({ schema, network: sharedBottom({ levels: [{ experts: mlp([2]) }] }), seed: 1 });
  const document = { csv: { delimiter }, features: { x: 'categorical' }, tasks: { y: 'regression' } };
  await withModel(model, () => writeTrainedModel(path.join(directory, 'model'), model, document));
}

/** The vocabulary of the model and the delimiter of its rows. */
async function trainedState(directory: string): Promise<string> {
  const { model, rows } = await readTrainedModel(path.join(directory, 'model'));
  return withModel(model, ({ schema }) => JSON.stringify([schema.features, rows.csv]));
}

/** A training that goes on from its checkpoints. */
const resumed = (directory: string, everySteps: number, keep: number) => ({
  checkpoint: { directory: path.join(directory, 'run'), everySteps, keep },
  ...{ resume: true, progress: false },
});

/** A training of 160 steps. */
export const longTraining = (engine: string, directory: string): FitOptions<typeof rows.schema.tasks> => ({
  ...resumed(directory, 3, 2),
  ...{ engine: engine as 'eager' | 'compiled', epochs: 40, batchSize: 100, optimizer: adam(0.01) },
  ...{ validation: rows, stopping: earlyStopping({ patience: 40 }) }, // ends with the best epoch, to which tables return
});

const checkpointState = (directory: string): Promise<string> =>
  withModel(smallModel(7), async (model) => {
    const before = await stateOf(model);
    await restoreWeights(model, path.join(directory, 'run')).catch((error: Error) => {
      if (!error.message.includes('received none')) throw error;
    });
    const after = await stateOf(model);
    return after === before ? 'none' : after;
  });

const results = (directory: string) => openResults(path.join(directory, 'out'));

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the first save of a model': {
    act: (directory) => savedAs(directory, 1),
    state: (directory) => (readdirSync(directory).length === 0 ? Promise.resolve('none') : modelState(directory)),
  },
  'a save over a model': {
    prepare: (directory) => savedAs(directory, 1),
    act: (directory) => savedAs(directory, 2),
    state: modelState,
  },
  'a training over a trained model': {
    prepare: (directory) => trainedOn(directory, ','),
    act: (directory) => trainedOn(directory, ';'),
    state: trainedState,
  },
  'the checkpoints of a training': {
    act(directory) {
      const options = { engine: 'eager', epochs: 2, batchSize: 200, optimizer: adam(0.05) } as const;
      return withModel(smallModel(7), (model) => fit(model, rows, { ...options, ...resumed(directory, 2, 1) }));
    },
    state: checkpointState,
    between: 1,
  },
  'two trials of a run': {
    prepare: (directory) => results(directory).append(trialOf({ seed: 1 })),
    async act(directory) {
      for (const seed of [1, 2, 3]) await results(directory).append(trialOf({ seed }));
    },
    state: async (directory) => (await results(directory).read()).map(({ seed }) => seed).join(),
    between: 1,
  },
};
