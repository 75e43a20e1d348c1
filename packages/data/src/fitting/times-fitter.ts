import { fail, type Task } from '@polytask/core';
import { labeledRows } from './labeled-rows.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { timeReader, type Time } from './labels.ts';

/** The weight of the rows with a label, by label: the time, or its negative for a censored row. */
type Weights = ReadonlyMap<number, number>;

/**
 * Finds the share of rows with the event in each interval, of those that reached it, and the cut points: quantiles of the times
 * of events. It keeps one number for each different time.
 *
 * @throws PolytaskError, at the end, when no row has the event after time 0, or none is known to reach a declared cut point
 */
export function timesFitter(name: string, task: Task, label: Time): Fitter<Task> {
  const rows = labeledRows(name, task);
  const weights = new Map<number, number>();
  return {
    add(table, at) {
      rows.visit(table, at, timeReader(table, name, task, label), (time, weight) => {
        weights.set(time, (weights.get(time) ?? 0) + weight);
      });
    },
    finish() {
      rows.check();
      const events = [...weights].filter(([time]) => time > 0);
      if (events.length === 0) {
        fail({
          expected: `a training row of task "${name}" with the event, after time 0`,
          received: 'none',
          mend: `Look at column "${label.event}" and at \`positive\`, the value that means it happened.`,
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
  const total = ascending.reduce((sum, [, weight]) => sum + weight, 0);
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
function sharesOf(name: string, weights: Weights, cuts: readonly number[]): number[] {
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
      mend: 'Leave that cut point out: nothing is known of so late a time.',
    });
  });
}
