import { anything, optional, readOptions, recordOf, type Option } from '@polytask/components';
import { labelDecoder, labelEncoder, labelOf, madeUpLabel, type Label, type Task } from '@polytask/core';
import { labelTypeOf } from '@polytask/core/internal';
import { fitSchema, fromRows, labelCells, numeric, rawLabels } from '@polytask/data';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';
import { fittedTask, labeledRows, taskWith } from './meaning.ts';

/** What a fit finds, as numbers. */
const foundIn = (task: Task): Numbers =>
  Object.fromEntries(Object.entries(task.fitted ?? {}).map(([name, value]) => [name, [value ?? []].flat()]));

type Rows = readonly Readonly<Record<string, unknown>>[];

/** The made-up rows of a label. */
function rowsOf(task: Task): Rows {
  const cells = Object.entries(labelCells('a', task));
  const sizes = cells.map(([, { length }]) => length);
  if (new Set(sizes).size !== 1 || sizes[0]! < 2) {
    broken({
      expected: 'cells for each column, as many, and two or more',
      seen: sizes.join(', '),
      fix: 'Mend `cells`.',
    });
  }
  return Array.from({ length: sizes[0]! }, (_, row) =>
    recordOf(
      cells.map(([column]) => column),
      (_column, at) => cells[at]![1][row],
    ),
  );
}

const X = 'x of the rows';

const tableOf = (task: Task, rows: Rows) =>
  fromRows(
    rows.map((row, i) => ({ [X]: i, ...row })),
    { features: { [X]: numeric() }, tasks: { a: task } },
  );

/** A fit finds the same in another order, and a weight of 2 is a row twice. */
function checkFit(task: Task): void {
  const rows = rowsOf(task);
  const weighted = { ...task, weightFrom: 'weight of the rows' };
  const weightAt = (row: number) => 1 + (row % 2);
  const foundFrom = (order: Rows) => foundIn(fitSchema(tableOf(weighted, order)).tasks.a);
  const once = rows.map((row, i) => ({ ...row, 'weight of the rows': weightAt(i) }));
  const repeated = rows.flatMap((row, i) =>
    Array.from({ length: weightAt(i) }, () => ({ ...row, 'weight of the rows': 1 })),
  );
  for (const other of [once.toReversed(), repeated]) {
    expectAgreement(foundFrom(other), foundFrom(once), 1e-9, {
      what: 'a fit that counts each row by its weight, in any order',
      fix: 'Add `weight` up, and keep nothing of the order.',
    });
  }
}

/** What a fit finds is what the definition describes. */
function checkFound(task: Task): void {
  const { fitted } = fittedTask(task).task;
  readOptions(fitted ?? {}, labelTypeOf(labelOf(task)).fitted(labelOf(fittedTask(task).task)), 'fitted');
  expectFinite(foundIn(fittedTask(task).task), 'Let `finish` give numbers.');
}

const SEVEN_DIGITS = 'Let `read` give numbers whose meaning seven digits keep: a flag in the sign, for instance.';

/** Encoded as 32 bits, which a batch has, and decoded, a label is what it was. */
function checkEncoding(task: Task): void {
  const { task: fitted, labels } = labeledRows(task);
  expectFinite({ 'the labels': labels }, 'Let `read` give a number, NaN for a missing label, or undefined.');
  const again = labels.map((label) => labelDecoder(fitted)(Math.fround(labelEncoder(fitted)(label))));
  expectAgreement({ 'the labels': again }, { 'the labels': labels }, 1e-6, {
    what: 'labels that 32 bits hold',
    fix: SEVEN_DIGITS,
  });
  const [before, after] = [new Set(labels).size, new Set(again).size];
  if (after < before) broken({ expected: `${before} labels in 32 bits`, seen: String(after), fix: SEVEN_DIGITS });
}

/** Rows without cells have no label. */
function checkMissing(task: Task): void {
  const rows = rowsOf(task);
  const empty = Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, null]));
  const { task: fitted } = fittedTask(task);
  const { labels } = rawLabels(tableOf(task, [...rows, empty]), 'a', fitted, rows.length, rows.length + 1);
  if (labels[0] === null) return;
  broken({ expected: 'no label for empty cells', seen: String(labels[0]), fix: 'Let `read` give NaN for them.' });
}

/** Made-up labels are finite, and not all the same. */
function checkMadeUp(task: Task): void {
  const { task: fitted } = fittedTask(task);
  const labels = [-1.3, 0.1, 2.2].map((score) => madeUpLabel(fitted, score));
  expectFinite({ 'made-up labels': labels }, 'Let `madeUp` give a number for any score.');
  if (new Set(labels).size > 1) return;
  broken({
    expected: 'different labels for different scores',
    seen: String(labels[0]),
    fix: 'Let `madeUp` read the score.',
  });
}

const options = {
  /** A task that has the label. Default: one of the first kind whose label is of this type. */
  task: optional(anything as Option<Task>),
};

/**
 * Tests a type of label: the promises of its kind, and those of every component. The model has a task with such a label beside a binary one.
 *
 * @throws PolytaskError when there is no test runner; a case throws when no kind of task has such a label
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testLabel('number', { task: regression({ log: true }), runner });
 */
export const testLabel = tester(
  'label',
  options,
  (
    name: Label['type'],
    { task = taskWith(`a label of the type "${name}"`, (each) => labelOf(each).type === name) },
  ) => ({
    spec: { kind: 'label', name, config: {} },
    numbers: () => ({ ...foundIn(fittedTask(task).task), 'the labels': fittedTask(task).labels }),
    model: modelWith(() => fittedTask(task).task),
    way: () => ({ task }),
    own: {
      'a fit counts rows, in any order': () => checkFit(task),
      'a fit finds what it describes': () => checkFound(task),
      'labels are the same after encoding and decoding': () => checkEncoding(task),
      'empty cells are no label': () => checkMissing(task),
      'made-up labels differ': () => checkMadeUp(task),
    },
  }),
);
