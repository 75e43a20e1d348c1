import { useSignal } from '@preact/signals';
import { differenceTable, sortedTable, type Summary, tableMarkup } from '@polytask/study';
import { Drawn } from '../drawing/drawn.tsx';

/** All differences from the baseline. A click on a title sorts the rows, and a text keeps those that have it. */
export function DifferenceTable({ summary }: { readonly summary: Summary }) {
  const sorted = useSignal<{ readonly column: number; readonly descending: boolean } | undefined>(undefined);
  const filter = useSignal('');
  const table = differenceTable(summary);
  if (!table) return null;
  const words = filter.value.toLowerCase().split(/\s+/);
  const kept = table.rows.filter((row) => {
    const line = row.map(({ text }) => text.toLowerCase()).join(' ');
    return words.every((word) => line.includes(word));
  });
  const { column, descending = false } = sorted.value ?? {};
  const titles = table.columns.map(({ title }, i) => ({
    title: i === column ? `${title} ${descending ? '↓' : '↑'}` : title,
  }));
  const shown = { columns: titles, rows: kept };
  return (
    <div
      class="differences"
      onClick={({ target }) => {
        const cell = (target as Element).closest('th button')?.parentElement as HTMLTableCellElement | undefined;
        if (!cell) return;
        const again = cell.cellIndex === column && !descending;
        sorted.value = { column: cell.cellIndex, descending: again };
      }}
    >
      <label>
        Rows with{' '}
        <input
          type="search"
          placeholder="a model, task, metric or verdict"
          value={filter.value}
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
      </label>
      <Drawn markup={tableMarkup(column === undefined ? shown : sortedTable(shown, column, descending), true)} />
    </div>
  );
}
