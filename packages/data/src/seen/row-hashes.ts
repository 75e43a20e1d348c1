import { hashOf } from '@polytask/core';
import { type Coded, columnIn, joinArrays, type Need } from '../columns/columns.ts';
import { taskNeeds } from '../declarations/declaration.ts';
import { featureNeeds } from '../declarations/features.ts';
import { RowHasher } from '../statistics/row-hasher.ts';
import type { Table } from '../table/table.ts';

/** Hashes of rows. They depend on neither the order of the rows and columns, the names of the columns, nor the format of the file. */
export interface RowHashes {
  /** [rows] 53 bits, of the features. */
  readonly features: Float64Array;
  /** [rows] 32 bits, of the labels and the weights of their tasks. */
  readonly labels: Uint32Array;
  /** [rows] 32 bits, of the name of the file and the line. */
  readonly places: Uint32Array;
}

export function hashesOf(table: Table): RowHashes {
  const [features, labels] = [new RowHasher(table.size), new RowHasher(table.size)];
  for (const [name, feature] of byName(table.features))
    for (const need of featureNeeds(name, feature)) addColumn(features, table, need);
  for (const [name, task] of byName(table.tasks))
    for (const need of taskNeeds(name, task)) addColumn(labels, table, need);
  const place = (_: unknown, row: number) => hashOf(table.where(row).replace(/^.*[\\/]/, '')); // folders may be renamed
  return {
    features: features.finish(),
    labels: Uint32Array.from(labels.finish()),
    places: Uint32Array.from({ length: table.size }, place),
  };
}

export const joinHashes = (parts: readonly RowHashes[]): RowHashes => ({
  features: joinArrays(
    parts.map(({ features }) => features),
    Float64Array,
  ),
  labels: joinArrays(
    parts.map(({ labels }) => labels),
    Uint32Array,
  ),
  places: joinArrays(
    parts.map(({ places }) => places),
    Uint32Array,
  ),
});

/** One number for a row's features, one for its features and labels, and one for these and its place: [rows] each. */
export function keysOf({ features, labels, places }: RowHashes) {
  const hasher = new RowHasher(features.length);
  hasher.add(new Uint32Array(features.slice().buffer), 2);
  hasher.add(labels);
  const labeled = hasher.finish();
  hasher.add(places);
  return { features, labeled, placed: hasher.finish() };
}

const byName = <V>(values: Readonly<Record<string, V>>): [string, V][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

function addColumn(hasher: RowHasher, table: Table, { kind, key }: Need): void {
  if (kind === 'numbers') return hasher.add(numberWords(columnIn(table, kind, key)));
  if (kind === 'vectors') {
    const { values, width } = columnIn(table, kind, key);
    return hasher.add(numberWords(values), width);
  }
  const { codes, offsets, dictionary }: Coded = columnIn(table, kind, key);
  const words = dictionary.map(hashOf);
  const wordOf = (code: number) => words[code] ?? MISSING;
  if (!offsets) return hasher.add(Uint32Array.from(codes, wordOf));
  const listWord = (row: number) =>
    codes.subarray(offsets[row], offsets[row + 1]).reduce((sum, code) => Math.imul(sum, 31) + wordOf(code), 1);
  hasher.add(Uint32Array.from({ length: table.size }, (_, row) => listWord(row)));
}

const MISSING = 0x7fc00000;

/** The bits of numbers as Parquet has them, in 32 bits. 0 and −0 are equal, and NaN has one pattern of bits. */
function numberWords(values: ArrayLike<number>): Uint32Array {
  const floats = Float32Array.from(values, (value) => value + 0);
  return new Uint32Array(floats.buffer).map((word, i) => (Number.isNaN(floats[i]) ? MISSING : word));
}
