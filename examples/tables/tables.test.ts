import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasetFromFiles } from '@polytask/data';
import { expect, it } from 'vitest';

interface Entry {
  readonly kind: string;
  readonly from?: string;
  readonly positive?: string | readonly string[];
  readonly classes?: readonly string[];
}
interface Document {
  readonly files: string;
  readonly features: Readonly<Record<string, string | Entry>>;
  readonly tasks: Readonly<Record<string, string | Entry>>;
  readonly split: Readonly<Record<string, unknown>>;
}

const ROWS = 40;
const NUMBERS = ['numeric', 'regression', 'count'];

/** A cell that suits a feature or a task. */
function cell({ kind, positive, classes }: Entry, row: number): string {
  if (kind === 'date') return `2020-01-${10 + (row % 20)}`;
  if (NUMBERS.includes(kind) || (kind === 'binary' && positive === undefined)) return `${row % 7}`;
  return [[positive].flat()[0], ...(classes ?? ['other', 'another'])].filter((value) => value !== undefined)[row % 2]!;
}

/** A CSV text with the columns that a data set file names. */
function madeUp({ features, tasks, split }: Document): string {
  const columns = new Map<string, Entry>();
  for (const column of [split.column, split.groupBy]) if (column) columns.set(String(column), { kind: 'numeric' });
  for (const [name, value] of [...Object.entries(features), ...Object.entries(tasks)]) {
    const entry = typeof value === 'string' ? { kind: value } : value;
    columns.set(entry.from ?? name, entry);
  }
  const rows = Array.from({ length: ROWS }, (_, row) => [...columns.values()].map((entry) => cell(entry, row)));
  return [[...columns.keys()], ...rows].map((cells) => cells.join(',')).join('\n');
}

const names = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));

it('has eleven tables', () => expect(names).toHaveLength(11));

it.each(names)('%s describes a table with several tasks', async (name) => {
  const document = JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Document;
  expect(document.files).toBe(name.replace('.json', '.csv'));
  const { parts } = await datasetFromFiles(document, { [document.files]: new Blob([madeUp(document)]) });
  const { train, validation, test } = parts(1);
  expect(Object.keys(train.schema.tasks)).toEqual(Object.keys(document.tasks));
  expect(Object.keys(document.tasks).length).toBeGreaterThan(1);
  expect(train.size + validation.size + test.size).toBe(ROWS);
});
