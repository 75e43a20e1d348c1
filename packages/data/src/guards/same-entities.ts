import { defineFinding, type Finding, sum } from '@polytask/components';
import { namesEntity } from '../words/name-words.ts';
import { listed, percent } from '../words/words.ts';
import { allRows, textsIn } from '../columns/columns.ts';
import { countCodes } from '../statistics/counts.ts';
import type { Table } from '../table/table.ts';
import type { Parts } from '../fitting/row-split.ts';

const entities = /* @__PURE__ */ defineFinding<'part', { columns: readonly string[]; share: number }>('same-entities', {
  says({ part, columns, share }) {
    const names = listed(columns.map((column) => JSON.stringify(column)));
    const of = columns.length === 1 ? `a value of ${names}` : `values of ${names}`;
    const what = `${percent(share, 1)} of the ${part} rows have ${of} that training rows have, too.`;
    return `${what} The scores say little on rows with new values.`;
  },
  remedy: ({ columns }) => ({
    says: 'To keep the rows of a value in one part, split by groups',
    dataset: { split: { kind: 'random', groupBy: columns[0] } },
  }),
});

/** With fewer different values, a column is a category rather than a name. */
const LEAST_VALUES = 20;
/** With fewer rows per value, hardly a value has rows in two parts. */
const LEAST_ROWS = 2;
/** With a smaller share of rows, a score hardly depends on them. */
const LEAST_SHARE = 0.2;

/**
 * Finds columns that name somebody or something with many rows, such as `user_id`, if rows of one value are among the training rows and
 * the test rows. A model may then know the user, so its score says little on new users. A column is taken for such names by its own name
 * (`id`, `user`, `patient`, …), with 20 or more values.
 *
 * @param raw the raw rows of the parts, which were split at random
 * @param named a column that names them whatever it is called, such as that of GAUC
 * @returns no warning, or one
 * @example sameEntities(raw, 'state') // [{ kind: 'same-entities', about: { part: 'test' }, evidence: { columns: ['state'], … }, … }]
 */
export function sameEntities(raw: Parts<Table>, named?: string): Finding[] {
  const part = raw.test.size > 0 ? 'test' : 'validation';
  const rows = raw[part];
  if (rows.size === 0) return [];
  const labels = Object.entries(rows.tasks).map(([name, { from = name }]) => from);
  const found = Object.keys(rows.columns.texts).flatMap((column) => {
    if (column !== named && (!namesEntity(column) || labels.includes(column))) return [];
    const values = new Set(textsIn(raw.train.columns.texts[column]!));
    const isName = values.size >= LEAST_VALUES && raw.train.size >= LEAST_ROWS * values.size;
    if (column !== named && !isName) return [];
    const own = rows.columns.texts[column]!;
    const count = sum(countCodes(own, allRows(rows.size)), (count, code) =>
      values.has(own.dictionary[code]!) ? count : 0,
    );
    return count > LEAST_SHARE * rows.size ? [{ column, count }] : [];
  });
  if (found.length === 0) return [];
  const columns = found.map(({ column }) => column);
  const share = Math.max(...found.map(({ count }) => count)) / rows.size;
  return [entities({ part }, { columns, share })];
}
