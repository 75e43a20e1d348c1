import { mapValues } from '@polytask/components';
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { fail, growModel, type MultiTaskModel, type Schema } from '@polytask/core';
import {
  type DatasetParts,
  encode,
  openDataset,
  openRows,
  readRows,
  readSeenRows,
  type RowFormat,
  type SeenRows,
  type Table,
  type Dataset,
  modelId,
  readTrainedModel,
  seenRows,
  unseen,
  rowFormat,
  rowFormatDocument,
} from '@polytask/data';
import {
  type ComparedRows,
  type Continued,
  type RegisteredModel,
  type SeenCount,
  type ModelSize,
  suiteOfDataset,
  trainAndTest,
  type TrainedTrial,
  trialKey,
  type TrialSpec,
} from '@polytask/study';
import { evaluate, type EngineChoice } from '@polytask/training';
import { startEngine } from '../engines.ts';
import { seenInFile } from '../saved-model.ts';
import { trialOf, type Trained } from '../model-folder.ts';
import { begin } from './training-run.ts';
import { trainSuite, type TrainOptions } from './train-options.ts';

/** Trains a saved model further on new rows, and compares it with what it was. @param data a data set file, or a file of rows */
export async function trainFrom(data: string, options: TrainOptions): Promise<Trained> {
  const { from, out, access, seed = 1, limitRows } = options as TrainOptions & { readonly from: string };
  refuseOthers(options);
  if (out !== undefined && path.resolve(out) === path.resolve(from))
    fail({ expected: 'another folder than that of --from', received: out, fix: 'Pass another --out.' });
  const { mode } = await startEngine(options.engine); // a model needs a backend
  const { model: old, rows: format } = await readTrainedModel(from);
  try {
    const { limits } = access ?? {};
    const seen = await readSeenRows(from);
    const growing = { growing: old.schema, seen };
    const dataset = (await isDocument(data))
      ? await openDataset(data, { ...access, ...growing })
      : await openRows(data, format, { ...(limits && { limits }), ...growing });
    checkSameDeclaration(dataset, format, old.schema, path.basename(data));
    const row = suiteOfDataset(dataset, `the rows of ${data}`);
    const { from: _, oldData, ...choices } = { ...options, boosting: false };
    const trial = await trialOf(from);
    const size = trial?.config.size as ModelSize | undefined;
    const suite = await trainSuite(data, { ...choices, ...(size && { size }), model: rowOf(old) }, async () => ({
      suite: row,
    }));
    const { spec: planned, hooks, inFolder, report } = await begin(suite, options);
    const spec = continuedFrom(planned, await modelId(from));
    return await inFolder(
      spec.key,
      async () => {
        const parts = dataset.parts(seed, limitRows); // encoded for the spec already
        const raw = parts.raw();
        const oldRows =
          oldData === undefined
            ? undefined
            : await oldRowsOf(oldData, format, trial?.seed ?? 1, options, seenRows(raw, seen));
        const start = async (schema: Schema) => (await growModel(old, schema)).model;
        const [{ model, ...tested }] = (await trainAndTest([spec], { ...hooks, start })) as [TrainedTrial];
        const compared = [await compare(old, model, raw.test, `test rows of ${path.basename(data)}`, mode)];
        if (oldRows) compared.push(await compare(old, model, oldRows.table, oldRows.rows, mode));
        const continued: Continued = {
          from,
          ids: model.layout.vocabulary - old.layout.vocabulary,
          tasks: model.taskNames.filter((task) => !old.taskNames.includes(task)),
          compared,
          leftOut: [...(seen ? leftOutOf(parts, path.basename(data)) : []), ...(oldRows?.leftOut ?? [])],
        };
        return { model, report: { ...(await report([tested])), continued } };
      },
      seen,
    );
  } finally {
    old.dispose();
  }
}

/** Whether a file describes a data set, and isn't a JSON array of rows. */
async function isDocument(file: string): Promise<boolean> {
  if (!file.endsWith('.json') || !existsSync(file)) return file.endsWith('.json');
  for await (const start of createReadStream(file, { encoding: 'utf8', end: 1023 }))
    return !/^\s*\[/.test(start as string); // \s has the byte order mark, too
  return true;
}

function refuseOthers(options: TrainOptions): void {
  for (const name of ['model', 'expert', 'gate', 'size'] as const) {
    const value = options[name];
    if (value === undefined || (name === 'size' && Object.keys(value).length === 0)) continue;
    fail({
      expected: `no ${name} with from, whose model has its architecture`,
      received: JSON.stringify(value),
      fix: `Leave ${name} out, or train a new model without from.`,
    });
  }
}

/** The row of the model table that builds the declaration of a model again. */
function rowOf({ config: { network, tower, input, selfAuxiliaries, members } }: MultiTaskModel): RegisteredModel {
  const parts = { network, tower, input, selfAuxiliaries, members };
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as typeof parts;
  return { name: network.name, description: 'a trained model', build: () => given };
}

function continuedFrom(spec: TrialSpec, from: string): TrialSpec {
  const { suite, model, seed, engine } = spec;
  const { headStart: _, ...trainingConfig } = spec.config.training; // heads start as they are
  const config = { ...spec.config, training: trainingConfig, model: { ...spec.config.model, from } };
  return { ...spec, config, key: trialKey({ suite, model, seed, engine, config }) };
}

function leftOutOf({ leftOut, validation, test }: DatasetParts, file: string): SeenCount[] {
  const left = (part: 'validation' | 'test', { size }: { readonly size: number }): SeenCount => ({
    ...{ rows: `${part} rows of ${file}`, of: size + (leftOut?.[part] ?? 0), seen: leftOut?.[part] ?? null },
  });
  return [left('validation', validation), left('test', test)];
}

/** The test rows of a data set, as the old training split it, or all rows of a file. @param seen the rows that are left out */
async function oldRowsOf(file: string, format: RowFormat, seed: number, { access }: TrainOptions, seen: SeenRows) {
  const rows = `old rows of ${path.basename(file)}`;
  const parts = (await isDocument(file)) ? (await openDataset(file, access)).parts(seed).raw() : undefined;
  const table = parts?.test ?? (await readRows(file, format, { labels: true }));
  const { isSeen, leftOut } = seenInFile(rows, table, seen, { before: parts ? [parts.train, parts.validation] : [] });
  return { rows, table: unseen(table, isSeen, rows), leftOut };
}

async function compare(
  old: MultiTaskModel,
  now: MultiTaskModel,
  table: Table,
  rows: string,
  engine: EngineChoice,
): Promise<ComparedRows> {
  const scoresOf = async (model: MultiTaskModel): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> =>
    evaluate(model, encode(table, model.schema), { engine });
  const [before, after] = [await scoresOf(old), await scoresOf(now)];
  const scores = mapValues(before, (byMetric, task) =>
    mapValues(byMetric, (value, metric) => ({ before: value, after: after[task]![metric]! })),
  );
  return { rows, size: table.size, scores };
}

/** Options that a continued training applies: where values are, which further ones get a row, and how tasks are trained. */
const APPLIED = {
  feature: ['kind', 'from', 'columns', 'separator', 'minCount', 'maxSize', 'vocabulary'],
  task: ['kind', 'from', 'weight', 'weightFrom', 'loss', 'fitted', 'calibrated'],
} as const;

type Declared = Readonly<Record<string, unknown>>;

/** Refuses a data set whose options contradict those that a model's weights depend on. @param rows declares the model's first rows */
export function checkSameDeclaration(
  { document, context }: Dataset,
  rows: RowFormat,
  schema: Schema,
  place: string,
): void {
  const { features, tasks } = rowFormat(rowFormatDocument(document), place);
  const faults = [
    ...differences('feature', features, rows.features, schema.features),
    ...differences('task', tasks, rows.tasks, schema.tasks),
    ...(textOf(context) === textOf(schema.context)
      ? []
      : [`context is ${textOf(context)}, and was ${textOf(schema.context)}`]),
  ];
  if (faults.length === 0) return;
  fail({
    expected: `the options of the model that is trained on in ${place}`,
    received: `others: ${faults.join('; ')}`,
    fix: 'Give these options their earlier values, or train a new model without --from.',
  });
}

/** @param was the earlier declarations @param fitted those that the model has */
const differences = (what: keyof typeof APPLIED, now: object, was: object, fitted: object): string[] =>
  Object.entries(now as Record<string, Declared>).flatMap(([name, declared]) => {
    const [before, known] = [was, fitted].map((each) => (each as Record<string, Declared>)[name]);
    if (!before || declared['kind'] !== before['kind']) return []; // growSchema refuses it, or a task is new
    return differing(what, declared, before, known).map((text) => `${what} "${name}": ${text}`);
  });

const differing = (what: keyof typeof APPLIED, now: Declared, was: Declared, fitted: Declared = {}): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(was)])].flatMap((key) => {
    if ((APPLIED[what] as readonly string[]).includes(key)) return [];
    const [value, before, known] = [now[key], was[key], fitted[key]];
    if (key === 'values' && value && before)
      return differing(what, value as Declared, before as Declared, known as Declared);
    if ([before, known].some((each) => textOf(each) === textOf(value))) return [];
    return `${key} is ${textOf(value)}, and was ${textOf(before)}`;
  });

/** false is the default of each flag, so that it is no difference from a missing one. */
const textOf = (value: unknown): string => (value === undefined || value === false ? 'missing' : JSON.stringify(value));
