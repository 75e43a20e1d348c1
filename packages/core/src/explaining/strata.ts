import { groupBy, sum } from '@polytask/components';
import { permutation, type RandomStream } from '../random/random.ts';

/** A part of the background rows, and which share of all rows it stands for. */
export interface Stratum {
  readonly share: number;
  /** Indices of background rows. */
  readonly rows: readonly number[];
}

/** Background rows, each in one stratum. The shares sum to 1. */
export type Strata = readonly Stratum[];

export const oneStratum = (size: number): Strata => [{ share: 1, rows: [...Array(size).keys()] }];

/** A feature has rare values if fewer rows than this share have another value than the most frequent one. */
const RARE = 0.1;

/** The share of the sample that a stratum gets in addition to its own share. */
const EXTRA = 0.2;

/** Each additional stratum leaves fewer rows for features without rare values. With five, they have about half of the sample. */
const MOST = 5;

/** The fewest rows that a stratum is planned to have: their spread gives the standard error. */
const FEWEST = 3;

/**
 * Samples rows so that enough of them have the rare values of features. A simple sample of 100 rows has three rows of a value that 3% have: their mean
 * is uncertain, and their spread too small or too large to tell how uncertain.
 *
 * @param rare by feature [rows], 1 for a value other than the most frequent one
 * @param size the number of rows
 * @param count the size of the sample
 * @returns the sampled rows, and the strata of the sample
 */
export function stratifiedSample(
  rare: readonly Uint8Array[],
  size: number,
  count: number,
  stream: RandomStream,
): { readonly rows: readonly number[]; readonly strata: Strata } {
  if (size <= count) return { rows: [...Array(size).keys()], strata: oneStratum(size) };
  const most = Math.min(MOST, Math.floor(count / FEWEST - 1 / EXTRA));
  const rarest = rare
    .map((isRare) => ({ isRare, share: sum(isRare) / size }))
    .filter(({ share }) => share > 0 && share < RARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, Math.max(0, most))
    .reverse();
  const { [-1]: others = [], ...groups } = Object.fromEntries(
    groupBy(permutation(stream, size), (row) => rarest.findIndex(({ isRare }) => isRare[row] === 1)),
  );
  const parts = Object.values(groups).map((rows) => ({
    share: rows.length / size,
    rows: rows.slice(0, Math.floor((count * (rows.length / size + EXTRA)) / (1 + EXTRA * rarest.length))),
  }));
  const left = count - sum(parts, ({ rows }) => rows.length);
  const all = [...parts, { share: others.length / size, rows: others.slice(0, left) }];
  let from = 0;
  const strata = all.map(({ share, rows }) => ({ share, rows: rows.map(() => from++) }));
  return { rows: all.flatMap(({ rows }) => rows), strata };
}
