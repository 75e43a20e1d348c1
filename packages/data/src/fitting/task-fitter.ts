import { sum } from '@polytask/components/internal';
import { fail, labelOf, suggestion, type Task } from '@polytask/core';
import { fittedLoss, MOST_LABELS, signedLog } from '@polytask/core/internal';
import { columnIn, type ColumnRows } from '../columns/columns.ts';
import { labelsKey } from '../declarations/needs.ts';
import { addTo } from '../statistics/counts.ts';
import { checkSize, type Fitter, Moments } from '../statistics/statistics.ts';
import { isNumber } from '../columns/values.ts';
import { matches, sorted, labelLists, labelReader, type LabelOf, timeReader, weightReader } from './labels.ts';

/**
 * Fits a task to the labels of the training rows: the share of yes, the classes and their shares, or mean and standard deviation. Rows
 * count by their sample weight.
 *
 * @throws PolytaskError when no row has a label, a positive value doesn't occur, or all labels of a regression are equal
 */
export function taskFitter(name: string, task: Task): Fitter<Task> {
  const label = labelOf(task);
  switch (label.type) {
    case 'yes-no':
      return yesNoFitter(name, task, label);
    case 'class':
      return classFitter(name, task, label);
    case 'labels':
      return labelsFitter(name, task, label);
    case 'time':
      return timesFitter(name, task, label);
    case 'number':
      return numberFitter(name, task, label);
  }
}

/** The number of a column's values among which an error message looks for the nearest. */
const COMPARED = 20;

/** Finds the share of yes. One positive value of a list has to occur: other files may spell the task's label otherwise. */
function yesNoFitter(name: string, task: Task, { positive, above }: LabelOf<'yes-no'>): Fitter<Task> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const values = positive === undefined ? [] : typeof positive === 'object' ? positive : [positive];
  let positiveMissing = values.length > 0;
  const texts = new Set<string>();
  let [yes, total] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight) => {
        yes += weight * label;
        total += weight;
      });
      if (above !== undefined) return;
      const { dictionary } = columnIn(table, 'texts', column);
      positiveMissing &&= !dictionary.some((text) => values.some((value) => matches(text, value)));
      for (let i = 0; i < dictionary.length && texts.size < COMPARED; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      if (positiveMissing) {
        const what = values.length === 1 ? 'the positive value' : 'one of the positive values';
        const list = values.map((value) => JSON.stringify(value)).join(', ');
        fail({
          expected: `${what} ${list} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          fix: suggestion(values[0], texts),
        });
      }
      return fittedLoss({ ...task, fitted: { rate: yes / total } }, [total - yes, yes]);
    },
  };
}

/** Finds the share of each class, and the classes: in numeric order if all are numbers, else in the order of their texts. */
function classFitter(name: string, task: Task, label: LabelOf<'class'>): Fitter<Task> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const weights = new Map<string, number>();
  return {
    add(table, rows) {
      const { codes, dictionary } = columnIn(table, 'texts', column);
      const textOf = (row: number) => dictionary[codes[row]!];
      labels.visit(table, rows, textOf, (text, weight) => addTo(weights, text, weight));
    },
    finish() {
      labels.check();
      if (label.ordered && !label.classes && ![...weights.keys()].every(isNumber)) {
        const found = [...weights.keys()].slice(0, COMPARED).map((text) => JSON.stringify(text));
        fail({
          expected: `the classes of task "${name}" in their order`,
          received: `none, and the texts ${found.join(', ')} in column "${column}"`,
          fix: `Declare them, the least one first: ${task.kind}({ classes: […] }).`,
        });
      }
      const classes = label.classes ?? sorted([...weights.keys()]);
      const total = sum(classes, (text) => weights.get(text) ?? 0);
      const counts = classes.map((text) => weights.get(text) ?? 0);
      const shares = counts.map((count) => (total > 0 ? count / total : 1 / classes.length));
      return fittedLoss<Task & { readonly classes: readonly string[] }>(
        { ...task, classes, fitted: { shares } },
        counts,
      );
    },
  };
}

/** Finds the mean and the standard deviation of the labels, after the logarithm where the task has one. */
function numberFitter(name: string, task: Task, { log, minimum }: LabelOf<'number'>): Fitter<Task> {
  const column = task.from ?? name;
  const labels = labeledRows(name, task);
  const moments = new Moments();
  let [above, total] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight, row) => {
        const value = log ? signedLog(label) : label;
        checkSize(value, label, 'a label', `${task.kind}({ log: true })`, column, table, row);
        moments.add(value, weight);
        if (minimum !== undefined && label > minimum) above += weight;
        total += weight;
      });
    },
    finish() {
      labels.check();
      const { mean, deviation, count } = moments;
      if (deviation === 0) {
        fail({
          expected: `labels of task "${name}" that differ from each other in the training rows`,
          received: `${log ? 'one value' : String(mean)} in all ${count} of them`,
          fix: 'There is nothing to learn: leave the task out, or look at its column and at the split.',
        });
      }
      const rate = minimum === undefined ? undefined : above / total;
      return { ...task, fitted: { mean, deviation, ...(rate !== undefined && { rate }) } };
    },
  };
}

/** The number of labels that an error message lists. */
const SHOWN = 10;

/**
 * Finds the share of rows with each label, and the labels: in numeric order if all are numbers, else in the order of their texts.
 *
 * @throws PolytaskError, at the end, for fewer than 2 labels, and for more than a bit mask holds
 */
function labelsFitter(name: string, task: Task, label: LabelOf<'labels'>): Fitter<Task> {
  const rows = labeledRows(name, task);
  const weights = new Map<string, number>();
  let total = 0;
  return {
    add(table, at) {
      const { dictionary } = columnIn(table, 'lists', labelsKey(name));
      rows.visit(table, at, labelLists(table, name), (codes, weight) => {
        total += weight;
        for (const code of new Set(codes)) addTo(weights, dictionary[code]!, weight);
      });
    },
    finish() {
      rows.check();
      const labels = label.labels ?? found(name, task, label, weights);
      return { ...task, labels, fitted: { shares: labels.map((each) => (weights.get(each) ?? 0) / total) } };
    },
  };
}

function found(
  name: string,
  task: Task,
  { separator }: LabelOf<'labels'>,
  weights: ReadonlyMap<string, number>,
): string[] {
  const labels = sorted([...weights.keys()]);
  const column = `column "${task.from ?? name}"`;
  if (labels.length > MOST_LABELS) {
    const frequent = labels.toSorted((a, b) => weights.get(b)! - weights.get(a)!).slice(0, SHOWN);
    fail({
      expected: `at most ${MOST_LABELS} labels of task "${name}" in ${column}`,
      received: `${labels.length}; the most frequent are ${frequent.map((each) => JSON.stringify(each)).join(', ')}`,
      fix: "Declare those to predict: multiLabel({ labels: […], others: 'left-out' }). A second task of the column can have the rest.",
    });
  }
  if (labels.length >= 2) return labels;
  return fail({
    expected: `two or more labels of task "${name}" in ${column}`,
    received: labels.length === 0 ? 'lists without labels' : `only ${JSON.stringify(labels[0])}`,
    fix: `Look at the separator, ${JSON.stringify(separator)}: multiLabel({ separator: ',' }).`,
  });
}

/**
 * Finds the share of rows with the event in each interval, of those that reached it, and the cut points: quantiles of the times
 * of events. It keeps one number for each different time.
 *
 * @throws PolytaskError, at the end, when no row has the event after time 0, or none is known to reach a declared cut point
 */
function timesFitter(name: string, task: Task, label: LabelOf<'time'>): Fitter<Task> {
  const rows = labeledRows(name, task);
  const weights = new Map<number, number>();
  return {
    add(table, at) {
      rows.visit(table, at, timeReader(table, name, task, label), (time, weight) => addTo(weights, time, weight));
    },
    finish() {
      rows.check();
      const events = [...weights].filter(([time]) => time > 0);
      if (events.length === 0) {
        fail({
          expected: `a training row of task "${name}" with the event, after time 0`,
          received: 'none',
          fix: `Look at column "${label.event}" and at \`positive\`, the value that means it happened.`,
        });
      }
      const cuts = typeof label.cuts === 'number' ? quantilesOf(events, label.cuts) : label.cuts;
      return { ...task, cuts, fitted: { shares: sharesOf(name, weights, cuts) } };
    },
  };
}

/** The times below which 1, 2, … of `count` + 1 equal parts of the events are; each once, as a 32-bit float has it. */
function quantilesOf(events: readonly (readonly [time: number, weight: number])[], count: number): number[] {
  const ascending = events.toSorted(([a], [b]) => a - b);
  const total = sum(ascending, ([, weight]) => weight);
  const cuts: number[] = [];
  let [below, passed] = [0, 0];
  for (const [time, weight] of ascending) {
    below += weight;
    const parts = Math.min(count, Math.floor((below / total) * (count + 1) + 1e-9));
    if (parts > passed && Math.fround(time) > Math.fround(cuts.at(-1) ?? 0)) cuts.push(time);
    passed = parts;
  }
  return cuts;
}

/** The share of rows with the event in an interval, among those that count there: rows with a later event, or censored later. */
function sharesOf(name: string, weights: ReadonlyMap<number, number>, cuts: readonly number[]): number[] {
  return cuts.map((cut, i) => {
    const start = cuts[i - 1] ?? -1;
    const middle = (Math.max(0, start) + cut) / 2; // a censored row counts from the middle of an interval on
    let [events, counted] = [0, 0];
    for (const [label, weight] of weights) {
      const isEvent = label > start && label <= cut;
      if (isEvent) events += weight;
      if (isEvent || label > cut || label <= -middle) counted += weight;
    }
    if (counted > 0) return events / counted;
    return fail({
      expected: `a training row of task "${name}" that is known to reach cut point ${cut}`,
      received: 'none',
      fix: 'Leave that cut point out: nothing is known of so late a time.',
    });
  });
}

/** Visits and counts the rows that have a label (undefined or NaN where it is missing) and a sample weight above 0. */
function labeledRows(name: string, task: Task) {
  let [size, labeled] = [0, 0];
  return {
    visit<L>(
      table: ColumnRows,
      rows: ArrayLike<number>,
      labelOf: (row: number) => L | undefined,
      take: (label: L, weight: number, row: number) => void,
    ): void {
      const weightOf = weightReader(table, task);
      size += rows.length;
      for (let i = 0; i < rows.length; i++) {
        const label = labelOf(rows[i]!);
        if (label === undefined || Number.isNaN(label)) continue;
        const weight = weightOf(rows[i]!);
        if (weight === 0) continue;
        labeled++;
        take(label, weight, rows[i]!);
      }
    },
    /** @throws PolytaskError when no row had a label */
    check(): void {
      if (labeled > 0) return;
      const weighted = task.weightFrom === undefined ? '' : `, or its weight in column "${task.weightFrom}" is 0`;
      fail({
        expected: `a label for task "${name}" in at least one training row`,
        received: `${size} rows where column "${task.from ?? name}" is missing${weighted}`,
        fix: 'Look at the column and at the markers for missing values, or leave the task out.',
      });
    },
  };
}
