import type { TableFinding } from '../sampling/table-sample.ts';
import type { DescribedKind, LeftOut } from './description.ts';
import { rarerThan, rowsPerValue, type ColumnProfile } from './column-profile.ts';
import { namesId } from '../words/name-words.ts';
import { counted, grouped, percent } from '../words/words.ts';

export type ColumnChoice = (
  | { readonly use: 'feature'; readonly kind: string; readonly feature: DescribedKind }
  | { readonly use: 'left-out'; readonly kind: LeftOut }
) & {
  readonly why: string;
  /** A further sentence that depends on the labels. @param labels [labels][rows], as `labelColumns` has them */
  readonly further?: (labels: readonly Float64Array[]) => string | undefined;
  readonly warnings?: readonly TableFinding[];
};

/** Values with fewer rows are rare. */
const RARE = 5;
/** With this many rare values, a feature gets a `minCount`. */
const MANY_RARE = 20;
/** More different values are hashed. */
export const MANY = 10_000;
/** Up to this number of values, a vocabulary is small enough, however rare they are. */
const FEW_VALUES = 100;

/** Whether to hash the values: very many, or many that are ids or mostly occur once. */
export function tooMany(profile: ColumnProfile): boolean {
  const { counts, name } = profile;
  const rare = rarerThan(profile, 2) > counts.size / 2;
  return counts.size > MANY || (counts.size > FEW_VALUES && (rare || namesId(name)));
}

export const asFeature = (
  feature: DescribedKind,
  why: string,
  more: Pick<ColumnChoice, 'further' | 'warnings'> = {},
): ColumnChoice => ({
  use: 'feature',
  kind: typeof feature === 'string' ? feature : feature.kind,
  ...{ feature, why, ...more },
});

export const leftOut = (kind: LeftOut, why: string, warnings: readonly TableFinding[] = []): ColumnChoice => ({
  use: 'left-out',
  kind,
  why: `${why} Left out.`,
  warnings,
});

export function categoricalChoice(profile: ColumnProfile, why: string): ColumnChoice {
  const rare = rarerThan(profile, RARE * profile.share);
  if (rare < MANY_RARE || rare === profile.counts.size) {
    return asFeature('categorical', why + missingNote(profile));
  }
  const often = `${grouped(rare)} of them occur fewer than ${RARE} times and count as unknown (minCount).`;
  return asFeature({ kind: 'categorical', minCount: RARE }, `${why} ${often}`);
}

/** `hashed`. The number of buckets is a power of two, at least twice the number of values. */
export function hashedChoice(profile: ColumnProfile): ColumnChoice {
  const { counts, present, share } = profile;
  const all = Math.max(counts.size, Math.round(present / share / rowsPerValue(profile)));
  const buckets = Math.min(1 << 20, Math.max(1024, 2 ** Math.ceil(Math.log2(2 * all))));
  const singles = [...counts.values()].filter((count) => count === 1).length;
  const often = singles > counts.size / 2 ? 'most of which occur once in the sample' : `in ${counted(present, 'row')}`;
  const inAll = share < 1 ? `, about ${grouped(Number(all.toPrecision(2)))} in the table` : '';
  const values = counted(counts.size, 'different value');
  return asFeature(
    { kind: 'hashed', buckets },
    `${values}, ${often}${inAll}: hashed into ${grouped(buckets)} buckets.`,
  );
}

const missingNote = ({ missing, values }: ColumnProfile): string =>
  missing === 0 ? '' : ` Missing in ${percent(missing, values.length)}: a value of its own.`;
