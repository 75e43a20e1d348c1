import type { ColumnDescription } from '@polytask/data';
import type { DescribedTable } from '../data/described-table.ts';
import type { PageState } from '../page-state.ts';

export interface TablePanelProps {
  readonly page: PageState;
  readonly table: DescribedTable;
}

/** What each column of a table is taken for, with the choice of the labels. */
export function TablePanel({ page, table: { file, description } }: TablePanelProps) {
  const { columns, tasks, warnings, sample } = description;
  const labels = tasks.map(({ column }) => column); // a column that a task reads beside its own is no choice
  const toggle = (name: string) =>
    page.describeAgain({ tasks: labels.includes(name) ? labels.filter((each) => each !== name) : [...labels, name] });
  const choices = warnings.find((warning) => warning.choices)?.choices;
  if (choices)
    return (
      <div class="described" role="alert">
        <p>
          <strong>{file.name}</strong>: which text is between two cells?
        </p>
        {choices.map(({ delimiter, columns: count }) => (
          <button key={delimiter} type="button" onClick={() => void page.describeAgain({ delimiter })}>
            {JSON.stringify(delimiter)}: {count} columns
          </button>
        ))}
      </div>
    );
  return (
    <div class="described">
      <p>
        <strong>{file.name}</strong>: {sample.total.toLocaleString('en-US')} rows
        {sample.rows < sample.total && `, ${sample.rows.toLocaleString('en-US')} of them read at random`},{' '}
        {columns.length} columns. Tick the labels to predict.
      </p>
      <ul class="columns">
        {columns.map((column) => (
          <li key={column.name} title={column.why}>
            <label>
              <input
                type="checkbox"
                checked={labels.includes(column.name)}
                disabled={labels.includes(column.name) && labels.length === 1}
                onChange={() => void toggle(column.name)}
              />
              {column.name}
            </label>
            <span class={`use ${column.use}`}>{useOf(column)}</span>
          </li>
        ))}
      </ul>
      {warnings.length > 0 && (
        <details class="warnings">
          <summary>
            {warnings.length} {warnings.length === 1 ? 'warning' : 'warnings'}
          </summary>
          <ul>
            {warnings.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const useOf = ({ use, kind }: ColumnDescription): string => (use === 'left-out' ? `left out: ${kind}` : kind);
