import { fail } from '@polytask/core';
import type { DataWarning } from '../guards/index.ts';

/** The keys with an earlier name: the name of today, and a sentence on the difference. */
type OldNames = Readonly<Record<string, { readonly now: string; readonly note?: string }>>;

/** The earlier names of keys at the top of a data set file. */
export const OLD_KEYS: OldNames = {
  group: {
    now: 'gaucGroup',
    note: ' It only divides the test rows for GAUC. The split\'s "groupBy" keeps rows together.',
  },
};

/** Those of a random split. */
export const OLD_SPLIT_KEYS: OldNames = { by: { now: 'groupBy' } };

/**
 * Renames the keys of an object that have an earlier name, with a warning for each.
 *
 * @param where the name of the object, for messages
 * @throws PolytaskError for an object with both names
 */
export function renamed(
  json: object,
  names: OldNames,
  where: string,
): { readonly json: object; readonly warnings: readonly DataWarning[] } {
  const old = Object.keys(names).filter((key) => Object.hasOwn(json, key));
  const warnings = old.map((key): DataWarning => {
    const { now, note = '' } = names[key]!;
    if (Object.hasOwn(json, now)) {
      fail({
        expected: `${now} in ${where}`,
        received: `${now}, and ${key}, its earlier name`,
        mend: `Leave ${key} out.`,
      });
    }
    return { kind: 'old-name', key, message: `"${key}" in ${where} is now called "${now}".${note}` };
  });
  const today = (key: string) => (old.includes(key) ? names[key]!.now : key);
  return { json: Object.fromEntries(Object.entries(json).map(([key, value]) => [today(key), value])), warnings };
}
