import { countsOf, checkKnown, groupBy } from '@polytask/components';
import { permutation, type RandomStream } from '@polytask/core';
import { type Table } from '../table/table.ts';
import { labeled, readingOf } from '../labels/index.ts';

/** The labels of each row as numbers, which differ between tasks. A missing label is none. */
export type Strata = readonly (readonly number[])[];

/** A number is stratified by the fifth of all labels that it is in. */
const BINS = 5;

/** The labels by which rows are stratified: yes or no, classes, each of several labels, fifths of numbers, event or censored. */
export function strataOf(table: Table, names: true | readonly string[]): Strata {
  const strata = Array.from({ length: table.size }, (): number[] => []);
  const numberOf = new Map<string, number>();
  for (const name of names === true ? Object.keys(table.tasks) : names) {
    const read = stratumReader(table, name);
    for (const [row, own] of strata.entries()) {
      for (const stratum of read(row)) {
        const key = `${name} ${stratum}`;
        if (!numberOf.has(key)) numberOf.set(key, numberOf.size);
        own.push(numberOf.get(key)!);
      }
    }
  }
  return strata;
}

function stratumReader(table: Table, name: string): (row: number) => Iterable<number> {
  checkKnown(name, Object.keys(table.tasks), 'a task of the table to stratify by');
  const of = labeled(name, table.tasks[name]!);
  const reading = readingOf(of.label);
  if (reading.strata) return reading.strata(table, of);
  const read = reading.reader(table, of);
  const labels = Float64Array.from({ length: table.size }, (_, row) => read(row));
  const known = labels.filter((label) => !Number.isNaN(label)).sort();
  const starts = Array.from({ length: BINS - 1 }, (_, i) => known[Math.floor(((i + 1) * known.length) / BINS)]!);
  return (row) => (Number.isNaN(labels[row]!) ? [] : [starts.filter((start) => labels[row]! >= start).length]);
}

/**
 * Assigns rows so that each part has its share of each label, the rarest label first: iterative stratification (Sechidis, Tsoumakas &
 * Vlahavas 2011, algorithm 1). @param shares of the parts; their sum is 1 @returns [rows] the part of each row
 */
export function dealStrata(strata: Strata, shares: readonly number[], stream: RandomStream): Uint32Array {
  const order = permutation(stream, strata.length);
  const pairs = [...order].flatMap((row) => strata[row]!.map((stratum) => ({ row, stratum })));
  const labels = new Map(
    [...groupBy(pairs, ({ stratum }) => stratum)].map(([stratum, own]) => {
      const lacking = shares.map((share) => share * own.length);
      return [stratum, { rows: own.map(({ row }) => row), left: own.length, lacking }];
    }),
  );
  const lacking = shares.map((share) => share * strata.length);
  const parts = new Uint32Array(strata.length);
  const isDealt = new Uint8Array(strata.length);
  const deal = (row: number, own: readonly number[]) => {
    if (isDealt[row]) return;
    isDealt[row] = 1;
    let part = shares.findIndex((share) => share > 0);
    for (let j = part + 1; j < shares.length; j++)
      if (shares[j]! > 0 && (own[j]! - own[part]! || lacking[j]! - lacking[part]!) > 0) part = j;
    parts[row] = part;
    lacking[part]!--;
    for (const stratum of strata[row]!) {
      const label = labels.get(stratum)!;
      label.left--;
      label.lacking[part]!--;
    }
  };
  for (;;) {
    const left = [...labels.values()].filter((label) => label.left > 0);
    if (left.length === 0) break;
    const rarest = left.reduce((least, label) => (label.left < least.left ? label : least));
    for (const row of rarest.rows) deal(row, rarest.lacking);
  }
  for (const row of order) deal(row, lacking);
  return parts;
}

/** The fold of each row, from 0: whole groups, the largest first, each to the fold with the fewest rows. */
export function dealGroups(groups: ArrayLike<number>, folds: number, stream: RandomStream): Uint32Array {
  const all = [...countsOf(Array.from(groups))];
  const shuffled = Array.from(permutation(stream, all.length), (g) => all[g]!);
  const sizes = new Array<number>(folds).fill(0);
  const foldOf = new Map<number, number>();
  for (const [group, count] of shuffled.sort(([, a], [, b]) => b - a)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    foldOf.set(group, fold);
    sizes[fold]! += count;
  }
  return Uint32Array.from(groups, (group) => foldOf.get(group)!);
}
