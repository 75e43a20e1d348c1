import {
  type Check,
  checks,
  contextsOf,
  type DeclaredFeature,
  declareFeature,
  declaringOf,
  type Examples,
  fail,
  featureKind,
  layoutOf,
  type Options,
  registered,
  suggestion,
} from '@polytask/core';
import { encode, fitSchema, type Table, withNumbersAs } from '@polytask/data';
import type { SuiteData, TrialData } from './suite-row.ts';

/** The settings that a declaration may change of any data. */
export interface DataSettings {
  /** Names of the features that are the contexts of the schema. Default: those of the data. */
  readonly context?: readonly string[];
  /** How plain numbers are encoded: a kind of feature with its options. Default: as the data declares them. */
  readonly numbers?: DeclaredFeature;
}

const encodingOfNumbers: Check = (value, where) => {
  checks.record(checks.anything)(value, where);
  const { kind, ...options } = value as { readonly kind?: unknown };
  const known = registered('feature').filter((name) => declaringOf(name) && featureKind(name).cell === 'number');
  if (typeof kind !== 'string' || !known.includes(kind))
    fail({
      expected: `a kind of feature that reads numbers, as ${where}.kind`,
      received: JSON.stringify(kind) ?? 'nothing',
      mend: suggestion(kind, known),
    });
  declareFeature(kind, options, where);
};

export const dataSettings: Options<DataSettings> = {
  context: checks.optional(checks.listOf(checks.text)),
  numbers: checks.optional(encodingOfNumbers),
};

/** The settings of a request, apart: those of its suite, and those of all data. */
export function settingsOf(data: Readonly<Record<string, unknown>>) {
  const { context, numbers, ...own } = data;
  return { own, ofAllData: { context, numbers } as DataSettings };
}

/**
 * The data with other contexts, and with another encoding of its numbers.
 *
 * @throws PolytaskError, when its rows are read, for a context that is no feature with one id, and for an encoding that takes no numbers
 */
export const withSettings = (data: SuiteData, { context, numbers }: DataSettings): SuiteData =>
  withContext(withNumbers(data, numbers), context);

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

/** Fits and encodes the rows of each trial again, with another kind of feature in place of `numeric`. */
function withNumbers(data: SuiteData, numbers: DataSettings['numbers']): SuiteData {
  if (numbers === undefined) return data;
  const encoded = (table: Table): Table => ({ ...table, features: withNumbersAs(table.features, numbers) });
  return {
    ...data,
    config: { ...data.config, numbers },
    trial(seed, fold) {
      const trial = data.trial(seed, fold);
      const raw = trial.raw?.() ?? madeEncoded();
      const train = encoded(raw.train);
      const schema = fitSchema(train);
      return {
        ...trial,
        train: encode(train, schema),
        validation: encode(encoded(raw.validation), schema),
        test: () => encode(encoded(raw.test), schema),
      };
    },
  };
}

const madeEncoded = (): never =>
  fail({
    expected: 'rows as they were read, to encode their numbers in another way',
    received: 'data whose rows are made encoded',
    mend: 'Leave data.numbers out, or describe the files as a data set in JSON (docs/data.md).',
  });

/** The rows of a trial, converted. The test rows are converted when they are opened. */
export const mapRows = (rows: TrialData, convert: (examples: Examples) => Examples): TrialData => ({
  ...rows,
  train: convert(rows.train),
  validation: convert(rows.validation),
  test: () => convert(rows.test()),
});
