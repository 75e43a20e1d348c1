import { mapValues } from '@polytask/components';
import {
  checks,
  fail,
  layoutOf,
  registered,
  suggestion,
  contextsOf,
  declareFeature,
  declaringOf,
  featureKind,
  type DeclaredFeature,
  type Examples,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import { checkLoss } from '@polytask/core/internal';
import { encode, fitSchema, type Table } from '@polytask/data';
import { withNumbersAs } from '@polytask/data/internal';
import type { SuiteData, TrialData } from './suite-entry.ts';

/** The settings that a declaration may change of any data. */
export interface DataSettings {
  /** Names of the features that are the contexts of the schema. Default: those of the data. */
  readonly context?: readonly string[];
  /** How plain numbers are encoded: a kind of feature with its options. Default: as the data declares them. */
  readonly numbers?: DeclaredFeature;
  /** Losses of tasks, by name: those of data sets, `"focal"`. Default: as the data declares them. */
  readonly losses?: Readonly<Record<string, NonNullable<Task['loss']>>>;
}

const encodingOfNumbers = checks.custom<DeclaredFeature>((value, where) => {
  const { kind, ...options } = checks.record(checks.anything).read(value, where);
  const known = registered('feature').filter((name) => declaringOf(name) && featureKind(name).cell === 'number');
  if (typeof kind !== 'string' || !known.includes(kind))
    return fail({
      expected: `a kind of feature that reads numbers, as ${where}.kind`,
      received: JSON.stringify(kind) ?? 'nothing',
      fix: suggestion(kind, known),
    });
  return declareFeature(kind, options, where);
});

export const dataSettings: Options<DataSettings> = {
  context: checks.optional(checks.listOf(checks.text)),
  numbers: checks.optional(encodingOfNumbers),
  losses: checks.optional(checks.record(checks.anything)), // the tasks check them
};

/** The settings of a request, apart: those of its suite, and those of all data. */
export function settingsOf(data: Readonly<Record<string, unknown>>) {
  const { context, numbers, losses, ...own } = data;
  return { own, ofAllData: { context, numbers, losses } as DataSettings };
}

/**
 * The data with other contexts, another encoding of its numbers, and other losses.
 *
 * @throws PolytaskError for a loss of an unknown task, and one that doesn't fit its task
 * @throws PolytaskError, when its rows are read, for a context that is no feature with one id, and for an encoding that takes no numbers
 */
export const withSettings = (data: SuiteData, { context, numbers, losses }: DataSettings): SuiteData =>
  withContext(withNumbers(withLosses(data, losses), numbers), context);

/** Rows that were read are fitted again, because a loss may depend on the counts of classes. */
function withLosses(data: SuiteData, losses: DataSettings['losses']): SuiteData {
  if (losses === undefined) return data;
  const named = mapValues(losses, (loss, name) => {
    const task =
      data.tasks[name] ??
      fail({
        expected: 'tasks of the data, as names of data.losses',
        received: `"${name}"`,
        fix: suggestion(name, Object.keys(data.tasks)),
      });
    return checkLoss({ ...task, loss }, `data.losses.${name}`)!;
  });
  const given = <T extends Tasks>(tasks: T): T => ({
    ...tasks,
    ...mapValues(named, (loss, name) => ({ ...tasks[name]!, loss })),
  });
  return {
    ...data,
    config: { ...data.config, losses: named },
    tasks: given(data.tasks),
    trial(seed, fold) {
      const trial = data.trial(seed, fold);
      return trial.raw
        ? encodedAgain(trial, (table) => ({ ...table, tasks: given(table.tasks) }))
        : mapRows(trial, (examples) => withTasks(examples, given(examples.schema.tasks)));
    },
  };
}

const withTasks = (examples: Examples, tasks: Tasks): Examples => ({
  schema: { ...examples.schema, tasks },
  size: examples.size,
  batch: (rows) => examples.batch(rows),
});

function withContext(data: SuiteData, context: DataSettings['context']): SuiteData {
  if (context === undefined) return data;
  return {
    ...data,
    context,
    config: { ...data.config, context },
    trial: (seed, fold) =>
      mapRows(data.trial(seed, fold), (examples) => {
        const schema = { ...examples.schema, context };
        contextsOf(schema, layoutOf(schema));
        return { schema, size: examples.size, batch: (rows) => examples.batch(rows) };
      }),
  };
}

/** Encodes the rows of each trial again, with another kind of feature in place of `numeric`. */
function withNumbers(data: SuiteData, numbers: DataSettings['numbers']): SuiteData {
  if (numbers === undefined) return data;
  const encoded = (table: Table): Table => ({ ...table, features: withNumbersAs(table.features, numbers) });
  return {
    ...data,
    config: { ...data.config, numbers },
    trial: (seed, fold) => encodedAgain(data.trial(seed, fold), encoded),
  };
}

/** Declares the rows of a trial in another way, and fits and encodes them again. */
function encodedAgain(trial: TrialData, declared: (table: Table) => Table): TrialData {
  const raw = trial.raw?.() ?? madeEncoded();
  const parts = mapValues(raw, declared);
  const schema = fitSchema(parts.train);
  return {
    ...trial,
    raw: () => parts,
    train: encode(parts.train, schema),
    validation: encode(parts.validation, schema),
    test: () => encode(parts.test, schema),
  };
}

const madeEncoded = (): never =>
  fail({
    expected: 'rows as they were read, to encode their numbers in another way',
    received: 'data whose rows are made encoded',
    fix: 'Leave data.numbers out, or describe the files as a data set in JSON (docs/data.md).',
  });

/** The rows of a trial, converted. The test rows are converted when they are opened. */
export const mapRows = (rows: TrialData, convert: (examples: Examples) => Examples): TrialData => ({
  ...rows,
  train: convert(rows.train),
  validation: convert(rows.validation),
  test: () => convert(rows.test()),
});
