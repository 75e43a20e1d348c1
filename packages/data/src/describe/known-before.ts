import type { DescribeWarning } from '../sampling/table-sample.ts';
import { type DecidingValue, decidingValues } from '../statistics/deciding-values.ts';
import type { Carrying, FoundLeaks } from '../statistics/find-leaks.ts';
import type { LabelValues } from '../statistics/label-values.ts';
import { cell, grouped, percent } from '../words/words.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { ProposedLabel } from './propose-tasks.ts';

/** If the other columns lead to the class in the rows of a value with this probability, the value says nothing that isn't known. */
const EXPECTED = 0.9;

/**
 * Asks about columns that may be known only after the outcome: one value decides the label, though ordinary columns don't lead to it there; or
 * the column carries the label nearly alone.
 *
 * @param columns the features that don't tell the label
 */
export function knownBefore(
  { label, profile }: ProposedLabel,
  target: LabelValues,
  columns: readonly ColumnProfile[],
  { leaks, carrying, expected }: FoundLeaks,
): DescribeWarning[] {
  const found = columns.map((column) => ({ column, values: decidingValues(column.values, target) }));
  const ordinary = found.filter(({ values }) => values.length === 0).map(({ column }) => column.name);
  const isExpected = ({ values }: ColumnProfile, { value, label: code }: DecidingValue) =>
    ordinary.length > 0 &&
    expected(ordinary, code, (row) => (value === undefined ? values[row] !== '' : values[row] === value)) >= EXPECTED;
  const deciding = found.flatMap(({ column, values }) => {
    const decides = values.find((each) => !isExpected(column, each));
    return decides ? [{ column, decides }] : [];
  });
  const carries = leaks.some((leak) => leak.columns.length > 1) ? undefined : carrying();
  return [
    ...deciding.map(({ column, decides }) =>
      warning('decides-label', column.name, decidingWords(column.name, decides, label, profile)),
    ),
    ...(carries && !deciding.some(({ column }) => column.name === carries.column)
      ? [warning('carries-label', carries.column, carryingWords(carries, profile.name))]
      : []),
  ];
}

const warning = (kind: 'decides-label' | 'carries-label', column: string, what: string): DescribeWarning => ({
  ...{ kind, column },
  message: `${what}. Is \`${column}\` known before the outcome? If not, leave it out of the features.`,
  remedy: { leaveOut: [column] },
});

function decidingWords(
  name: string,
  { value, label, rows, others, shareElsewhere }: DecidingValue,
  type: ProposedLabel['label'],
  { name: column, texts }: ColumnProfile,
): string {
  const where = value === undefined ? 'has a value' : value === '' ? 'is empty' : `is ${cell(value)}`;
  const ofNumber = `is ${label ? '' : 'not '}${texts[0]!}`;
  const ofList = `${label ? 'has' : 'lacks'} one of its labels`;
  const is = type === 'labels' ? ofList : type === 'number' ? ofNumber : `is ${cell(texts[label]!)}`;
  const share = others === 0 ? `all ${grouped(rows)}` : `${grouped(rows - others)} of ${grouped(rows)}`;
  return `\`${column}\` ${is} in ${share} rows where \`${name}\` ${where}, and in ${percent(shareElsewhere, 1)} of the others`;
}

const carryingWords = ({ column, measure, alone, without }: Carrying, label: string): string =>
  `\`${column}\` alone predicts \`${label}\` with ${measure} ${alone.toFixed(2)}, and all other features together with ${without.toFixed(2)}`;
