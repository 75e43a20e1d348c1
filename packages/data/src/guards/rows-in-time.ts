import { defineFinding, type Finding } from '@polytask/components';
import { timeOf } from '@polytask/core/features';
import type { Texts } from '../columns/columns.ts';
import type { Table } from '../table/table.ts';
import { namesBeginning } from '../words/name-words.ts';
import { counted, percent } from '../words/words.ts';
import type { Parts } from '../fitting/row-split.ts';

const inTime = /* @__PURE__ */ defineFinding<'column' | 'part', { share: number }>('rows-in-time', {
  says: ({ column, part, share }) =>
    `The rows are in the order of ${JSON.stringify(column)}, and were split at random: ` +
    `${percent(share, 1)} of the ${part} rows are earlier than the last training row. The scores say little on later rows.`,
  remedy: ({ column }) => ({
    says: 'To test on those, split by time',
    dataset: { split: { kind: 'time', column, validation: 0.1, test: 0.1 } },
  }),
});

/** Of the rows that a trained model grows by, which has the split of its own rows. */
export const fewTimes = /* @__PURE__ */ defineFinding<'column', { times: number }>('too-few-times', {
  says: ({ column, times }) =>
    `The rows have ${counted(times, 'value')} of ${JSON.stringify(column)}, too few for a split by it, and were split at random: ` +
    'the scores say little on later rows.',
});

/** With fewer different times, a column is a category rather than a clock. */
const LEAST_TIMES = 10;

/**
 * Finds a column of dates that orders the rows, as in a log, if the rows were split at random. Training rows are later than test rows
 * then, so the score says little on rows of the future. Dates of a beginning, such as a birth, don't count, and neither do missing ones.
 *
 * @param rows all rows, in the order of their file
 * @param raw the raw rows of the parts, which were split at random
 * @returns no warning, or one
 * @example rowsInTime(table, raw) // [{ kind: 'rows-in-time', about: { column: 'day', part: 'test' }, … }]
 */
export function rowsInTime({ columns }: Table, raw: Parts<Table>): Finding[] {
  const part = raw.test.size > 0 ? 'test' : 'validation';
  const rows = raw[part];
  if (rows.size === 0 || raw.train.size === 0) return [];
  for (const [column, texts] of Object.entries(columns.texts)) {
    if (namesBeginning(column) || texts.dictionary.length < LEAST_TIMES || !isOrdered(timesIn(texts))) continue;
    const last = timesIn(raw.train.columns.texts[column]!).reduce((a, b) => Math.max(a, b));
    const earlier = timesIn(rows.columns.texts[column]!).filter((time) => time < last).length;
    return [inTime({ column, part }, { share: earlier / rows.size })];
  }
  return [];
}

function isOrdered(times: Float64Array): boolean {
  const ascends = (sign: number) => times.every((time, i) => i === 0 || sign * (time - times[i - 1]!) >= 0);
  return ascends(1) || ascends(-1);
}

/** The time of each row, NaN where it has no date. */
function timesIn({ codes, dictionary }: Texts): Float64Array {
  const times = dictionary.map((text) => timeOf(text) ?? NaN);
  return Float64Array.from(codes, (code) => times[code] ?? NaN);
}
