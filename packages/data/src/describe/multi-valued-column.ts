import type { ColumnProfile } from './column-profile.ts';
import type { ColumnChoice } from './column-choice.ts';
import { MANY } from './column-choice.ts';
import { cell, counted, grouped } from './words.ts';

const SEPARATORS = ['|', ';', ',', ' '];
/** A share of the rows with several values. */
const OFTEN = 0.2;
const WORD = /^[\p{L}\p{N}_#:@-]+$/u;

/** Cells that hold several values with a separator between them, the values coming back in other cells; or undefined. */
export function multiValuedColumn(profile: ColumnProfile): ColumnChoice | undefined {
  for (const separator of SEPARATORS) {
    const parts = partsBy(separator, profile);
    if (!parts) continue;
    const hashes = parts.size > MANY;
    const buckets = 2 ** Math.ceil(Math.log2(2 * parts.size));
    const values = hashes && { values: { kind: 'hashed', buckets } };
    return {
      use: 'feature',
      kind: 'multi-valued',
      feature: { kind: 'multi-valued', ...(separator !== '|' && { separator }), ...values },
      why: `Lists with ${cell(separator)} between: ${counted(parts.size, 'different value')}${hashes ? `, hashed into ${grouped(buckets)} buckets` : ''}.`,
    };
  }
  return undefined;
}

/** The different values between the separators, where the cells look like lists. */
function partsBy(separator: string, { counts, present }: ColumnProfile): ReadonlySet<string> | undefined {
  const all = new Map<string, number>();
  let [several, many] = [0, 0];
  for (const [text, count] of counts) {
    const parts = text.split(separator).map((part) => part.trim());
    if (separator !== '|' && separator !== ';' && new Set(parts).size < parts.length) return undefined;
    if (separator === ' ' && !parts.every((part) => WORD.test(part))) return undefined;
    if (parts.length > 1) several += count;
    if (parts.length > 2) many += count;
    for (const part of parts) if (part !== '') all.set(part, (all.get(part) ?? 0) + 1);
  }
  if (several < OFTEN * present || counts.size < 3 || all.size < 2) return undefined;
  // values come back in other cells, so there are fewer of them than of cells; between words of a text far fewer
  const fits =
    separator === ' '
      ? counts.size > 20 && all.size <= counts.size / 3 && many >= OFTEN * present
      : all.size < counts.size * (separator === ',' ? 0.5 : 1) && (separator !== ',' || many >= 0.1 * present);
  return fits ? new Set(all.keys()) : undefined;
}
