import type { DescribedFeature, DescribeWarning, LeftOut } from './description.ts';
import type { ColumnProfile } from './column-profile.ts';
import { rarerThan } from './column-profile.ts';
import { namesId } from './name-words.ts';
import { counted, grouped, percent } from './words.ts';

/** What a column is used for, if it isn't a label. */
export type ColumnChoice = (FeatureChoice | LeftOutChoice) & {
  readonly why: string;
  readonly warnings?: readonly DescribeWarning[];
};

interface FeatureChoice {
  readonly use: 'feature';
  readonly kind: 'numeric' | 'categorical' | 'hashed' | 'multi-valued';
  readonly feature: DescribedFeature;
}

interface LeftOutChoice {
  readonly use: 'left-out';
  readonly kind: LeftOut;
}

/** Values seen less often are rare. */
const RARE = 5;
/** So many rare values are worth a `minCount`. */
const MANY_RARE = 20;
/** More values than this are hashed. */
export const MANY = 10_000;
/** So many values are no problem, however rare they are. */
const FEW_VALUES = 100;

/** Whether values are better hashed: very many, or many of which most occur once, or ids. */
export function tooMany(profile: ColumnProfile): boolean {
  const { counts, name } = profile;
  const rare = rarerThan(profile, 2) > counts.size / 2;
  return counts.size > MANY || (counts.size > FEW_VALUES && (rare || namesId(name)));
}

export const leftOut = (kind: LeftOut, why: string, warnings: readonly DescribeWarning[] = []): ColumnChoice => ({
  use: 'left-out',
  kind,
  why: `${why} Left out.`,
  warnings,
});

/** `categorical`; with many rare values those count as unknown. @param why the first sentence */
export function categoricalChoice(profile: ColumnProfile, why: string): ColumnChoice {
  const rare = rarerThan(profile, RARE);
  if (rare < MANY_RARE || rare === profile.counts.size) {
    return { use: 'feature', kind: 'categorical', feature: 'categorical', why: why + missingNote(profile) };
  }
  return {
    use: 'feature',
    kind: 'categorical',
    feature: { kind: 'categorical', minCount: RARE },
    why: `${why} ${grouped(rare)} of them occur fewer than ${RARE} times and count as unknown (minCount).`,
  };
}

/** `hashed`, into the power of two that is at least twice the number of values. */
export function hashedChoice({ counts, present }: ColumnProfile): ColumnChoice {
  const buckets = Math.min(1 << 20, Math.max(1024, 2 ** Math.ceil(Math.log2(2 * counts.size))));
  const singles = [...counts.values()].filter((count) => count === 1).length;
  const often = singles > counts.size / 2 ? 'most of which occur once in the sample' : `in ${counted(present, 'row')}`;
  return {
    use: 'feature',
    kind: 'hashed',
    feature: { kind: 'hashed', buckets },
    why: `${counted(counts.size, 'different value')}, ${often}: hashed into ${grouped(buckets)} buckets.`,
  };
}

/** A sentence on missing values, where there are any. */
const missingNote = ({ missing, values }: ColumnProfile): string =>
  missing === 0 ? '' : ` Missing in ${percent(missing, values.length)}: a value of its own.`;
