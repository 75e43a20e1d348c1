import {
  fail,
  type FromDescription,
  mapValues,
  type Option,
  registered,
  type Written,
  notKnown,
} from '@polytask/components';
import {
  checks,
  contextsOf,
  type DeclaredFeature,
  declareFeature,
  declaringOf,
  type Examples,
  featureKind,
  layoutOf,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';
import { checkLoss } from '@polytask/core/internal';
import { encode, type EncodedTable, fitSchema, type Parts, type Table, withNumbersAs } from '@polytask/data';
import type { SuiteData, TrialData } from './suite-entry.ts';

const { anything, custom, listOf, optional, record, text } = checks;

const encodingOfNumbers = custom<DeclaredFeature>((value, where) => {
  const { kind, ...options } = record(anything).read(value, where);
  const known = registered('feature').filter((name) => declaringOf(name) && featureKind(name).cell === 'number');
  if (typeof kind !== 'string' || !known.includes(kind))
    return notKnown(kind, known, `a kind of feature that reads numbers, as ${where}.kind`);
  return declareFeature(kind, options, where);
});

export const dataSettings = {
  /** Names of the features that are the contexts of the schema. Default: those of the data. */
  context: optional(listOf(text)),
  /** How plain numbers are encoded: a kind of feature with its options. Default: as the data declares them. */
  numbers: optional(encodingOfNumbers),
  /** Losses of tasks, by name: those of data sets, `"focal"`. The tasks check them. Default: as the data declares them. */
  losses: optional(record(anything as Option<NonNullable<Task['loss']>>)),
};

/** The settings that a declaration may change of any data. */
export interface DataSettings extends Written<typeof dataSettings>, FromDescription {}

/** The settings of a request, apart: those of its suite, and those of all data. */
export function settingsOf(data: Readonly<Record<string, unknown>>) {
  const { context, numbers, losses, ...own } = data;
  return { own, ofAllData: { context, numbers, losses } as DataSettings };
}

/** The data with other contexts, another encoding of its numbers, and other losses. */
export const withSettings = (data: SuiteData, { context, numbers, losses }: DataSettings): SuiteData =>
  withContext(withNumbers(withLosses(data, losses), numbers), context);

/** Rows that were read are fitted again, because a loss may depend on the counts of classes. */
function withLosses(data: SuiteData, losses: DataSettings['losses']): SuiteData {
  if (losses === undefined) return data;
  const named = mapValues(losses, (loss, name) => {
    const task = data.tasks[name] ?? notKnown(name, Object.keys(data.tasks), 'a task of the data in data.losses');
    return checkLoss({ ...task, loss }, `data.losses.${name}`)!;
  });
  const given = <T extends Tasks>(tasks: T): T => ({
    ...tasks,
    ...mapValues(named, (loss, name) => ({ ...tasks[name]!, loss })),
  });
  const changed = withTrials(data, { losses: named }, (trial) =>
    trial.raw
      ? encodedAgain(trial, (table) => ({ ...table, tasks: given(table.tasks) }))
      : mapRows(trial, (examples) => withSchema(examples, { tasks: given(examples.schema.tasks) })),
  );
  return { ...changed, tasks: given(data.tasks) };
}

/** The data with other trials, and what is said of them in its description. */
export const withTrials = (
  data: SuiteData,
  config: SuiteData['config'],
  change: (trial: TrialData) => TrialData,
): SuiteData => ({
  ...data,
  config: { ...data.config, ...config },
  trial: (seed, fold) => change(data.trial(seed, fold)),
});

const withSchema = (examples: Examples, changes: Partial<Schema>): Examples => ({
  schema: { ...examples.schema, ...changes },
  size: examples.size,
  batch: (rows) => examples.batch(rows),
});

function withContext(data: SuiteData, context: DataSettings['context']): SuiteData {
  if (context === undefined) return data;
  const inContext = (examples: Examples) => {
    const changed = withSchema(examples, { context });
    contextsOf(changed.schema, layoutOf(changed.schema)); // checks them
    return changed;
  };
  return { ...withTrials(data, { context }, (trial) => mapRows(trial, inContext)), context };
}

/** Encodes the rows of each trial again, with another kind of feature in place of `numeric`. */
function withNumbers(data: SuiteData, numbers: DataSettings['numbers']): SuiteData {
  if (numbers === undefined) return data;
  const encoded = (table: Table): Table => ({ ...table, features: withNumbersAs(table.features, numbers) });
  return withTrials(data, { numbers }, (trial) => encodedAgain(trial, encoded));
}

/** Declares the rows of a trial in another way, and fits and encodes them again. */
function encodedAgain(trial: TrialData, declared: (table: Table) => Table): TrialData {
  if (trial.raw) return { ...trial, ...encodedParts(mapValues(trial.raw(), declared)) };
  return fail({
    expected: 'rows as they were read, to encode their numbers in another way',
    received: 'data whose rows are made encoded',
    fix: 'Leave data.numbers out, or describe the files as a data set in JSON (docs/data.md).',
  });
}

/** Rows as they were read, and encoded as the training rows fit the schema. */
export function encodedParts(
  raw: Parts<Table>,
  train: EncodedTable = encode(raw.train, fitSchema(raw.train)),
): Pick<TrialData, 'raw'> & Omit<Parts<EncodedTable>, 'test'> & { test(): EncodedTable } {
  const { schema } = train;
  return { raw: () => raw, train, validation: encode(raw.validation, schema), test: () => encode(raw.test, schema) };
}

/** The rows of a trial, converted. The test rows are converted when they are opened. */
export const mapRows = (rows: TrialData, convert: (examples: Examples) => Examples): TrialData => ({
  ...rows,
  train: convert(rows.train),
  validation: convert(rows.validation),
  test: () => convert(rows.test()),
});
