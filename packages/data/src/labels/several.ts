import { addTo } from '@polytask/components';
import { fail, suggestion, MOST_LABELS, type LabelOfType } from '@polytask/core';
import { columnIn, type ColumnRows, wrongValue } from '../columns/columns.ts';
import { anyOf, quoted } from '../words/words.ts';
import { type LabeledTask, type LabelFit, type LabelReading, sorted } from './label-reading.ts';

type Several = LabeledTask<LabelOfType<'labels'>>;

/** The key of the column: a feature may have the task's name. */
const keyOf = (task: string): string => `labels of ${task}`;

export const several: LabelReading<LabelOfType<'labels'>> = {
  needs: ({ name, column, label: { separator, empty } }) => [
    {
      ...{ kind: 'lists', key: keyOf(name), column, separator, empty: 'left-out' },
      emptyCell: empty === 'missing' ? 'missing' : 'null',
    },
  ],
  reader: maskReader,
  fit,
  parts: ({ labels }) =>
    labels!.map((name, i) => ({
      what: `label ${JSON.stringify(name)}`,
      type: 'classes',
      valueOf: (mask) => Math.floor(mask / 2 ** i) % 2,
    })),
  missing({ labels: known = [] }, masks) {
    const classes = known.filter((_, i) => !masks.some((mask) => (mask >> i) & 1));
    return { classes, what: `row with ${anyOf(classes, 'label', 'labels')}` };
  },
  strata(table, { name }) {
    const listOf = labelLists(table, name);
    return (row) => new Set(listOf(row));
  },
  cells: ({ column, label: { labels: known = ['1', '2', '3'], separator } }) => ({
    [column]: [separator, ...known, known.join(separator)],
  }),
};

/** The sum of 2ⁱ over the labels i of a row; 0 for a row that has none. Other labels are refused or left out. */
function maskReader(table: ColumnRows, of: Several): (row: number) => number {
  const { name, label } = of;
  const { labels = [], others } = label;
  const listOf = labelLists(table, name);
  const { dictionary } = columnIn(table, 'lists', keyOf(name));
  const index = new Map(labels.map((each, i) => [each, i]));
  const bits = Float64Array.from(dictionary, (text) => {
    const at = index.get(text);
    return at === undefined ? 0 : 2 ** at;
  });
  return (row) => {
    const codes = listOf(row);
    if (!codes) return NaN;
    let mask = 0;
    for (const code of codes) {
      if (bits[code] === 0 && others === 'refused') unknownLabel(dictionary[code]!, of, table.where(row));
      mask |= bits[code]!; // a label that is there twice counts once
    }
    return mask;
  };
}

/** Reads the labels of a row as codes of the column's dictionary. Undefined for a missing label. */
function labelLists(table: ColumnRows, name: string): (row: number) => Int32Array | undefined {
  const { codes, offsets } = columnIn(table, 'lists', keyOf(name));
  return (row) => {
    const list = codes.subarray(offsets[row], offsets[row + 1]);
    return list.length === 1 && list[0]! < 0 ? undefined : list;
  };
}

function unknownLabel(text: string, { name, column, task, label: { labels = [] } }: Several, where: string): never {
  const declare = `Declare it, or leave such labels out: ${task.kind}({ labels: […], others: 'left-out' }).`;
  return wrongValue(text, `a label of task "${name}"`, column, where, `${suggestion(text, labels)} ${declare}`);
}

/** The number of labels that an error message lists. */
const SHOWN = 10;

/** Finds the share of rows with each label, and the labels: in numeric order if all are numbers, else in the order of their texts. */
function fit(of: Several): LabelFit<Int32Array> {
  const { name, task, label } = of;
  const weights = new Map<string, number>();
  let total = 0;
  return {
    read: (table) => labelLists(table, name),
    take(codes, weight, table) {
      const { dictionary } = columnIn(table, 'lists', keyOf(name));
      total += weight;
      for (const code of new Set(codes)) addTo(weights, dictionary[code]!, weight);
    },
    finish() {
      const labels = label.labels ?? found(of, weights);
      return { ...task, labels, fitted: { shares: labels.map((each) => (weights.get(each) ?? 0) / total) } };
    },
  };
}

function found({ name, column, label }: Several, weights: ReadonlyMap<string, number>): string[] {
  const labels = sorted([...weights.keys()]);
  if (labels.length > MOST_LABELS) {
    const frequent = labels.toSorted((a, b) => weights.get(b)! - weights.get(a)!).slice(0, SHOWN);
    fail({
      expected: `at most ${MOST_LABELS} labels of task "${name}" in column "${column}"`,
      received: `${labels.length}; the most frequent are ${quoted(frequent)}`,
      fix: "Declare those to predict: multiLabel({ labels: […], others: 'left-out' }). A second task of the column can have the rest.",
    });
  }
  if (labels.length >= 2) return labels;
  return fail({
    expected: `two or more labels of task "${name}" in column "${column}"`,
    received: labels.length === 0 ? 'lists without labels' : `only ${JSON.stringify(labels[0])}`,
    fix: `Look at the separator, ${JSON.stringify(label.separator)}: multiLabel({ separator: ',' }).`,
  });
}
