import { countsOf, ranked, sum } from '@polytask/components';
import { permutation, randomStream, type MultiTaskModel, type Tasks, checks, fail, MISSING } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import type { Table } from '../table/table.ts';
import { featureColumns, predictionColumns, rawValues, type WatchedColumn } from './watched-columns.ts';
import { modelId } from '../dataset/trained-model.ts';
import { sealedFile } from '../platform/model-file.ts';

/**
 * The histogram of a column. Numbers have bins between `edges`, each with its upper end, and ids a bin for each of the `codes` and one for
 * all other known values. The last two bins are those of unseen and missing values.
 */
export interface Histogram {
  /** [bins], where unseen ids are outside the vocabulary, and unseen numbers outside `range`. */
  readonly counts: readonly number[];
  readonly edges?: readonly number[] | undefined;
  /** The least and the greatest number. */
  readonly range?: readonly number[] | undefined;
  readonly codes?: readonly number[] | undefined;
  /** Of numbers in the unit of the rows. */
  readonly mean?: number | undefined;
}

/** What the rows of a training were like, in a few kilobytes: rows of later are compared with it. */
export interface RowProfile {
  /** By feature. */
  readonly features: Readonly<Record<string, Histogram>>;
  /** By task, and by class where a task has several. */
  readonly predictions: Readonly<Record<string, Histogram>>;
}

/** At most so many rows are looked at. The noise that is left in a PSI is a thousandth. */
const MOST_ROWS = 20_000;
/** The bins of numbers, of about equally many rows. */
const BINS = 10;
/** Numbers nearer to one another are equal: engines round predictions differently. */
const ROUNDING = 1e-5;
const IDS = 20;

/**
 * Profiles the rows that a model was trained on: the distribution of each feature, and of the predictions. At most 20,000 rows of each
 * table are looked at, at random.
 *
 * @param train raw training rows. Their features are the reference
 * @param held rows that the model wasn't trained on. They give the predictions, and the shares of unseen ids, which training rows don't
 * have. Default: `train`
 * @example await writeProfile('people-model', await profileRows(model, raw.train, raw.validation));
 */
export async function profileRows<T extends Tasks>(
  model: MultiTaskModel<T>,
  train: Table,
  held: Table = train,
): Promise<RowProfile> {
  const tables = (held === train ? [train] : [train, held]).map(sampled);
  const [own, other = own] = tables.map((table) => ({
    batch: encode(table, model.schema).arrays,
    raw: rawValues(table),
  }));
  const predictions = await model.predictAsync(other!.batch);
  return {
    features: profiles(featureColumns(model.schema), own!, other!),
    predictions: profiles(predictionColumns(model.schema.tasks), predictions),
  };
}

function sampled(table: Table): Table {
  if (table.size <= MOST_ROWS) return table;
  return table.subset(permutation(randomStream(0, 'profile'), table.size).slice(0, MOST_ROWS));
}

/** @param held other rows, which have the unseen ids */
const profiles = <R>(columns: readonly WatchedColumn<R>[], rows: R, held = rows): RowProfile['features'] =>
  Object.fromEntries(
    columns.map((column) => {
      const valuesIn = (of: R) => {
        const values: number[] = [];
        column.each(of, (value) => values.push(value));
        return values;
      };
      const values = valuesIn(rows);
      if (column.type === 'numbers') return [column.name, numbersProfile(values, column.hasUnit)];
      return [column.name, idsProfile(values, held === rows ? values : valuesIn(held))];
    }),
  );

function numbersProfile(values: readonly number[], hasUnit: boolean): Histogram {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const { length } = sorted;
  if (length === 0) return withCounts({ edges: [] }, values);
  const quantiles = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) / BINS) * (length - 1))]!);
  const edges = [...new Set(quantiles)].flatMap((quantile) => {
    const next = sorted.find((value) => value > quantile + ROUNDING * Math.abs(quantile));
    return next === undefined ? [] : [(quantile + next) / 2]; // between two values, so that rounding moves none of them
  });
  const [least, greatest] = [sorted[0]!, sorted.at(-1)!];
  const range = [least - ROUNDING * Math.abs(least), greatest + ROUNDING * Math.abs(greatest)];
  const mean = sum(sorted, (value) => value / length);
  return withCounts({ edges, range, ...(hasUnit && { mean }) }, values);
}

function idsProfile(values: readonly number[], held: readonly number[]): Histogram {
  const frequent = ranked(countsOf(values.filter((code) => code > MISSING))).slice(0, IDS);
  const profile = withCounts({ codes: frequent.map(([code]) => code) }, values);
  const share = sum(held, (code) => Number(code < MISSING)) / Math.max(1, held.length);
  return { ...profile, counts: profile.counts.with(-2, Math.round(share * values.length)) };
}

function withCounts(bins: Omit<Histogram, 'counts'>, values: readonly number[]): Histogram {
  const counts = new Array<number>(binCount(bins)).fill(0);
  const binOf = binner(bins);
  for (const value of values) counts[binOf(value)]!++;
  return { counts, ...bins };
}

export const binCount = ({ edges, codes = [] }: Omit<Histogram, 'counts'>): number => (edges ?? codes).length + 3;

export function binner(bins: Omit<Histogram, 'counts'>): (value: number) => number {
  const { edges, range: [least, greatest] = [-Infinity, Infinity], codes = [] } = bins;
  const missing = binCount(bins) - 1;
  if (edges) {
    return (value) => {
      if (Number.isNaN(value)) return missing;
      if (value < least! || value > greatest!) return missing - 1;
      const bin = edges.findIndex((edge) => value <= edge);
      return bin < 0 ? edges.length : bin;
    };
  }
  const places = new Map(codes.map((code, i) => [code, i]));
  return (code) => (code === MISSING ? missing : code < MISSING ? missing - 1 : (places.get(code) ?? codes.length));
}

const { custom, listOf, number, optional, record, shaped, text, wholeNumber } = checks;

const bins = shaped({
  counts: listOf(wholeNumber(), 3),
  edges: optional(listOf(number())),
  range: optional(listOf(number(), 2)),
  codes: optional(listOf(wholeNumber())),
  mean: optional(number()),
});
const FIX = 'Remove the file, and pass rows of the training as reference.';
const column = custom((value, where) => {
  const read = bins.read(value, where);
  const [expected, received] = [binCount(read), read.counts.length];
  if (received !== expected) fail({ expected: `${expected} counts in ${where}`, received: String(received), fix: FIX });
  return read;
});
const file = sealedFile(
  'profile.json',
  shaped({ model: text, features: record(column), predictions: record(column) }),
  'a profile',
  FIX,
);

/**
 * Writes the profile of the rows of a trained model to its folder, as `profile.json`. It belongs to the model that is there now.
 * Needs Node.
 *
 * @throws PolytaskError for a folder without a model
 * @example await writeProfile('people-model', await profileRows(model, raw.train, raw.validation));
 */
export async function writeProfile(folder: string, profile: RowProfile): Promise<void> {
  await file.write(folder, { model: await modelId(folder), ...profile });
}

/**
 * Reads the profile of a trained model. Needs Node.
 *
 * @param id of the model, as {@link modelId} gives it. Default: that of the model in the folder
 * @returns undefined for a model without a profile, or with that of an earlier model
 * @throws PolytaskError for a `profile.json` that was changed, or whose counts aren't as many as its bins
 * @example const counts = new RowCounts(model.schema, await readProfile('people-model'));
 */
export async function readProfile(folder: string, id?: string): Promise<RowProfile | undefined> {
  const found = await file.read(folder);
  if (!found || found.model !== (id ?? (await modelId(folder)))) return undefined;
  const { model: _, ...profile } = found;
  return profile;
}
