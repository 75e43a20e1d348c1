import { mapValues, fail, parseJson, readDocument, type ReadValue } from '@polytask/components';
import path from 'node:path';
import { checks, openFolder, checkTasks, listFolder, predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { type ParquetFile, openParquet } from '@polytask/data';
import type { PartPredictions, PredictionStore, TrialPredictions } from '@polytask/study';
import { parquetWriteBuffer } from 'hyparquet-writer';

const ABOUT = 'polytask.predictions';

const aboutReader = checks.shaped({
  version: checks.oneOf(1),
  tasks: checks.custom(checkTasks),
  /** The number of validation rows, which come first. Missing without validation rows. */
  validation: checks.optional(checks.wholeNumber(0)),
  test: checks.wholeNumber(0),
});

type About = ReadValue<typeof aboutReader>;

/** The predictions of a trial as a Parquet file, in 64 bits. docs/other-tools.md lists its columns. */
export function writePredictions({ tasks, validation, test }: TrialPredictions): Uint8Array {
  const about: About = {
    version: 1,
    tasks: { ...tasks },
    ...(validation && { validation: validation.size }),
    test: test.size,
  };
  const parts = [...(validation ? [['validation', validation] as const] : []), ['test', test] as const];
  const values = parts.map(([, part]) => part);
  const each = <T>(valueOf: (name: string, row: number, part: PartPredictions) => T): T[] =>
    parts.flatMap(([name, part]) => Array.from({ length: part.size }, (_, row) => valueOf(name, row, part)));
  const groups = each((_, row, part) => part.groups?.[row] ?? null);
  const type = groups.some((group) => typeof group === 'string') ? ('STRING' as const) : ('DOUBLE' as const);
  const columnData = [
    { name: 'part', data: each((name) => name), type: 'STRING' as const },
    { name: 'row', data: Int32Array.from(each((_, row) => row)), type: 'INT32' as const },
    ...(groups.some((group) => group !== null) ? [{ name: 'group', data: groups, type, nullable: true }] : []),
    ...Object.entries(tasks).flatMap(([name, task]) => taskColumns(name, task, values)),
  ];
  return new Uint8Array(
    parquetWriteBuffer({ columnData, kvMetadata: [{ key: ABOUT, value: JSON.stringify(about) }], statistics: false }),
  );
}

/** The names of the columns with a task's predictions: `TASK`, or `TASK[0]`, `TASK[1]`, … the probabilities of its classes. */
function predictionColumns(name: string, task: Task): string[] {
  const { names } = predictionTypeOf(task);
  return names.length > 0 ? names.map((_, i) => `${name}[${i}]`) : [name];
}

function taskColumns(name: string, task: Task, parts: readonly PartPredictions[]) {
  const names = predictionColumns(name, task);
  const columnOf = (column: string, value: (part: PartPredictions, at: number) => number) => ({
    name: column,
    type: 'DOUBLE' as const,
    nullable: true,
    data: parts.flatMap((part) => {
      const cells = new Array<number | null>(part.size).fill(null);
      part.byTask[name]!.rows.forEach((row, at) => (cells[row] = value(part, at)));
      return cells;
    }),
  });
  return [
    ...names.map((column, i) => columnOf(column, (part, at) => part.byTask[name]!.predictions[at * names.length + i]!)),
    columnOf(`${name}.label`, (part, at) => part.byTask[name]!.labels[at]!),
    columnOf(`${name}.weight`, (part, at) => part.byTask[name]!.weights[at]!),
  ];
}

/** Reads a file of {@link writePredictions}. @param name of the file, for errors */
export async function readPredictions(bytes: Uint8Array, name: string): Promise<TrialPredictions> {
  const file = await openParquet(bytes, name);
  try {
    const { tasks, validation = 0, test } = aboutOf(file);
    const columns = new Map<string, readonly unknown[]>();
    for (const { element } of file.columns) columns.set(element.name, await wholeColumn(file, element.name));
    const rowsOf = (from: number, to: number) =>
      partOf(tasks, (column) => columns.get(column)?.slice(from, to), to - from, file);
    return {
      tasks,
      validation: validation > 0 ? rowsOf(0, validation) : undefined,
      test: rowsOf(validation, validation + test),
    };
  } finally {
    await file.close();
  }
}

function aboutOf({ name, keyValues, ranges }: ParquetFile): About {
  const text = keyValues.find(({ key }) => key === ABOUT)?.value;
  if (text === undefined) return notPredictions(name, `no "${ABOUT}" in its metadata`);
  const about = parseJson(text, `the metadata of ${name} as JSON`, MEND);
  const value = readDocument(aboutReader, about, `The metadata of ${name}`);
  const rows = ranges.at(-1)?.rowEnd ?? 0;
  const expected = (value.validation ?? 0) + value.test;
  return rows === expected ? value : notPredictions(name, `${rows} rows in place of ${expected}`);
}

const MEND = 'Remove the file, and run the comparison again with --keep-predictions.';

const notPredictions = (name: string, received: string, fix = MEND): never =>
  fail({ expected: `the predictions of a trial in ${name}`, received, fix });

async function wholeColumn(file: ParquetFile, column: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const range of file.ranges)
    for (const value of Array.from(await file.readColumn({ column, ...range }))) values.push(value);
  return values;
}

function partOf(
  tasks: Tasks,
  column: (name: string) => readonly unknown[] | undefined,
  size: number,
  { name: file }: ParquetFile,
): PartPredictions {
  const numbers = (name: string): readonly (number | null)[] => {
    const values = column(name);
    const isNumbers = values?.every((value) => value === null || typeof value === 'number');
    return isNumbers ? (values as (number | null)[]) : notPredictions(file, `no numbers in column "${name}"`);
  };
  const groups = column('group');
  return {
    size,
    groups: groups?.every((group) => group !== null) ? (groups as (number | string)[]) : undefined,
    byTask: mapValues(tasks, (task, name) => {
      const labels = numbers(`${name}.label`);
      const weights = numbers(`${name}.weight`);
      const predictions = predictionColumns(name, task).map(numbers);
      const rows = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== null);
      const values = (of: readonly (number | null)[]) => Float64Array.from(rows, (row) => of[row] ?? NaN);
      return {
        rows,
        labels: values(labels),
        weights: values(weights),
        predictions: Float64Array.from([...rows].flatMap((row) => predictions.map((each) => each[row] ?? NaN))),
      };
    }),
  };
}

const ENDING = '.parquet';

/** The predictions of the trials in a directory: a Parquet file in `predictions/` under the key of each trial. */
export function openPredictions(directory: string): PredictionStore {
  const where = path.join(directory, 'predictions');
  const folder = openFolder(where);
  return {
    async keys() {
      const names = await listFolder(where);
      return new Set(names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)));
    },
    async read(key) {
      const file = path.join(where, `${key}${ENDING}`);
      const bytes = await folder.read(`${key}${ENDING}`);
      if (bytes) return readPredictions(bytes, file);
      return notPredictions(file, 'no such file', 'Run the comparison again with --keep-predictions.');
    },
    write: (key, predictions) =>
      folder.write((writer) => writer.replace(`${key}${ENDING}`, writePredictions(predictions))),
  };
}
