import { fail, sum, addTo } from '@polytask/components';
import type { LabelOfType } from '@polytask/core';
import { columnIn, type ColumnRows, needOf, wrongValue } from '../columns/columns.ts';
import { type LabeledTask, type LabelFit, type LabelReading, binaryLabel, yesAndNo } from './label-reading.ts';

type Times = LabeledTask<LabelOfType<'time'>>;

const MADE_UP = [0.2, 0.4, 0.6, 0.8, 1];

export const time: LabelReading<LabelOfType<'time'>> = {
  needs: ({ column, label: { event } }) => [needOf('numbers', column), needOf('texts', event)],
  reader: timeReader,
  fit,
  parts: () => [
    { what: 'the events', type: 'classes', valueOf: (y) => Number(y > 0) },
    { what: 'the times', type: 'number', valueOf: Math.abs },
  ],
  missing: (_, times) => ({
    classes: times.some((each) => each >= 0) ? [] : ['event'],
    ...{ what: 'event', more: ': all are censored' },
  }),
  strata(table, of) {
    const read = timeReader(table, of);
    return (row) => (Number.isNaN(read(row)) ? [] : [Number(read(row) >= 0)]);
  },
  cells({ column, label }) {
    const cuts = typeof label.cuts === 'number' ? MADE_UP : label.cuts;
    const [yes, no] = yesAndNo(label);
    return { [column]: [...cuts, cuts.at(-1)], [label.event]: [...cuts.map(() => yes), no] }; // an event in each interval
  },
  yes: ({ label: { event, positive } }) => ({ column: event, positive }),
};

/** NaN where the time or the event is missing, and for a row without the event at time 0, which says nothing. */
function timeReader(table: ColumnRows, of: Times): (row: number) => number {
  const { name, column, label } = of;
  const times = columnIn(table, 'numbers', column);
  const { codes, dictionary } = columnIn(table, 'texts', label.event);
  const events = dictionary.map(binaryLabel(label));
  return (row) => {
    const [time, code] = [times[row]!, codes[row]!];
    if (time < 0) {
      const fix = 'Correct the cell, or leave it empty: count times from the start of each row.';
      return wrongValue(time, `a time of 0 or more as the label of task "${name}"`, column, table.where(row), fix);
    }
    if (code < 0 || Number.isNaN(time)) return NaN;
    const happened = events[code] ?? wrongEvent(table, of, dictionary[code]!, row);
    if (happened) return time;
    return time === 0 ? NaN : -time;
  };
}

function wrongEvent(table: ColumnRows, { name, task, label: { event } }: Times, text: string, row: number): never {
  return fail({
    expected: `0, 1, false, true or an empty cell for the event of task "${name}" in ${table.where(row)}, column "${event}"`,
    received: JSON.stringify(text),
    fix: `Say what means that it happened: ${task.kind}({ event: "${event}", positive: ${JSON.stringify(text)} }), for instance.`,
  });
}

/** Finds the cut points, quantiles of the times of events, and each interval's share of events among the rows that reached it. */
function fit({ name, task, label }: Times): LabelFit<number> {
  const weights = new Map<number, number>();
  return {
    take: (time, weight) => addTo(weights, time, weight),
    finish() {
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
      const isEvent = label >= 0 && label > start && label <= cut;
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
