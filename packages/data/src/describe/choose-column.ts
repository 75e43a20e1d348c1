import type { ColumnProfile } from './column-profile.ts';
import { leftOut, type ColumnChoice } from './column-choice.ts';
import { numberColumn } from './number-column.ts';
import { textColumn } from './text-column.ts';
import { isTime } from './time-column.ts';
import { cell, grouped, percent } from './words.ts';

/** What a column that is no label is used for. */
export function chooseColumn(profile: ColumnProfile): ColumnChoice {
  const { counts, missing, values } = profile;
  if (counts.size === 0) return leftOut('empty', 'No row has a value.');
  if (counts.size === 1) return oneValue([...counts.keys()][0]!, missing, values.length);
  if (isTime(profile)) return leftOut('time', `${grouped(counts.size)} dates or times: no feature by themselves.`);
  return profile.numbers ? numberColumn(profile) : textColumn(profile);
}

function oneValue(value: string, missing: number, rows: number): ColumnChoice {
  if (missing === 0) return leftOut('constant', `Each row has ${cell(value)}.`);
  const why = `${cell(value)}, or missing (${percent(missing, rows)}).`;
  return { use: 'feature', kind: 'categorical', feature: 'categorical', why };
}
