import type { ColumnDescription, DescribeRemedy, Description } from '@polytask/data';
import { type DescribedTable, remediesTaken, withRemedy } from '../data/described-table.ts';
import type { PageState } from '../page-state.ts';

export interface TablePanelProps {
  readonly page: PageState;
  readonly table: DescribedTable;
}

/** What each column of a table is taken for, with the choice of the labels. */
export function TablePanel({ page, table: { file, description, options } }: TablePanelProps) {
  const { columns, tasks, warnings, suggestions, sample } = description;
  const taken = remediesTaken(options);
  const labels = tasks.map(({ column }) => column); // a column that a task reads beside its own is no choice
  const toggle = (name: string) => {
    const tasks = labels.includes(name) ? labels.filter((each) => each !== name) : [...labels, name];
    return page.describeAgain((before) => ({ ...before, tasks }));
  };
  const take = (remedy: DescribeRemedy) => void page.describeAgain((before) => withRemedy(before, remedy));
  const choices = warnings.find(({ evidence }) => evidence.choices)?.evidence.choices;
  if (choices)
    return (
      <div class="described" role="alert">
        <p>
          <strong>{file.name}</strong>: which text is between two cells?
        </p>
        {choices.map(({ delimiter, columns: count }) => (
          <button
            key={delimiter}
            type="button"
            onClick={() => void page.describeAgain((before) => ({ ...before, delimiter }))}
          >
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
      {taken.length > 0 && (
        <p>
          Your choices: {taken.join(', ')}.{' '}
          <button type="button" onClick={() => void page.describeAgain((before) => ({ ...before, ...NO_REMEDY }))}>
            Undo
          </button>
        </p>
      )}
      <Notes title={['warning', 'warnings']} notes={warnings} take={take} />
      <Notes title={['suggestion', 'suggestions']} notes={suggestions} take={take} />
    </div>
  );
}

const NO_REMEDY = { leaveOut: undefined, cells: undefined, split: undefined };

interface NotesProps {
  readonly title: readonly [one: string, several: string];
  readonly notes: Description['warnings'];
  readonly take: (remedy: DescribeRemedy) => void;
}

/** What was noticed, each with a button that does what it proposes. */
const Notes = ({ title: [one, several], notes, take }: NotesProps) =>
  notes.length > 0 && (
    <details class="warnings">
      <summary>
        {notes.length} {notes.length === 1 ? one : several}
      </summary>
      <ul>
        {notes.map(({ message, remedy }) => (
          <li key={message}>
            {message}{' '}
            {remedy && (
              <button type="button" onClick={() => take(remedy.describe)}>
                {wordsOf(remedy.describe)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );

const wordsOf = ({ leaveOut, cells, split }: DescribeRemedy): string => {
  if (leaveOut) return `Leave out ${leaveOut.join(', ')}`;
  if (cells) return `Read ${Object.keys(cells).join(', ')} so`;
  return split ? 'Split so' : 'Predict all of them';
};

const useOf = ({ use, kind }: ColumnDescription): string => (use === 'left-out' ? `left out: ${kind}` : kind);
