import { useSignal } from '@preact/signals';
import { type DifferenceRow, formatDifference, formatP, type ViewData } from '@polytask/study';

/** A column of the table. */
interface TableColumn {
  readonly title: string;
  readonly textOf: (row: DifferenceRow, data: ViewData) => string;
  /** What the rows are sorted by. */
  readonly keyOf: (row: DifferenceRow) => string | number;
}

const formatOf = ({ task, metric }: DifferenceRow, { columns }: ViewData) =>
  columns.find((column) => column.task === task && column.metric === metric);

const COLUMNS: readonly TableColumn[] = [
  { title: 'model', textOf: ({ model }) => model, keyOf: ({ model }) => model },
  { title: 'task', textOf: ({ task }) => task, keyOf: ({ task }) => task },
  {
    title: 'metric',
    textOf: (row, data) => formatOf(row, data)?.label ?? row.metric,
    keyOf: ({ metric }) => metric,
  },
  {
    title: 'difference',
    textOf: (row, data) => formatDifference(row, formatOf(row, data)?.digits ?? 4),
    keyOf: ({ difference }) => difference,
  },
  { title: 'seeds', textOf: ({ seeds }) => String(seeds), keyOf: ({ seeds }) => seeds },
  { title: 'p (Holm)', textOf: ({ adjustedPValue }) => formatP(adjustedPValue), keyOf: (row) => row.adjustedPValue },
  { title: 'verdict', textOf: ({ verdict }) => verdict, keyOf: ({ verdict }) => verdict },
];

/** All differences from the baseline. A click on a title sorts the rows, and a text keeps those that have it. */
export function DifferenceTable({ data }: { readonly data: ViewData }) {
  const sorted = useSignal<{ readonly column: number; readonly sign: 1 | -1 } | undefined>(undefined);
  const filter = useSignal('');
  const words = filter.value.toLowerCase().split(/\s+/);
  const rows = data.differences
    .map((row) => ({ row, texts: COLUMNS.map(({ textOf }) => textOf(row, data)) }))
    .filter(({ texts }) => words.every((word) => texts.join(' ').toLowerCase().includes(word)));
  if (sorted.value) {
    const { column, sign } = sorted.value;
    rows.sort((a, b) => sign * compare(COLUMNS[column]!.keyOf(a.row), COLUMNS[column]!.keyOf(b.row)));
  }
  const sortBy = (column: number) => {
    const isAgain = sorted.value?.column === column && sorted.value.sign === 1;
    sorted.value = { column, sign: isAgain ? -1 : 1 };
  };
  const orderOf = (column: number) => {
    if (sorted.value?.column !== column) return undefined;
    return sorted.value.sign === 1 ? 'ascending' : 'descending';
  };
  return (
    <div class="differences">
      <label>
        Rows with{' '}
        <input
          type="search"
          placeholder="a model, task, metric or verdict"
          value={filter.value}
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
      </label>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Differences from ${data.baseline}`}>
        <table>
          <thead>
            <tr>
              {COLUMNS.map(({ title }, i) => (
                <th key={title} scope="col" aria-sort={orderOf(i)}>
                  <button type="button" onClick={() => sortBy(i)}>
                    {title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, texts }) => (
              <tr key={`${row.model} ${row.task} ${row.metric}`} class={row.verdict.replace(' ', '-')}>
                {texts.map((text, i) => (i === 0 ? <th scope="row">{text}</th> : <td>{text}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Orders texts by the alphabet and numbers by size, with NaN at the end. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}
