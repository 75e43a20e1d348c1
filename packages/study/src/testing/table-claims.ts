import { mean } from '@polytask/components';
import { expect } from 'vitest';
import { type Claim, claim, differByChance, isAgainstBaseline, isBetter, listOf, type Seen } from './claim.ts';
import type { TableFacts } from './table-facts.ts';

/** The two models of a sentence differ by the number in it, of one or two significant digits. */
function isApart({ differences, words: { a, b, difference, task } }: Seen): void {
  const value = Math.abs(mean(differences(a!, b!, task!)));
  if (difference!.startsWith('less than ')) return expect(value).toBeLessThan(Number(difference!.slice(10)));
  const shown = Number(difference!.replace(',', ''));
  expect([difference, Math.abs(shown - value) <= 0.5 * 10 ** Math.floor(Math.log10(shown))]).toEqual([
    difference,
    true,
  ]);
}

/** `.01 to .03 AUC and 0.2 RMSE`: the least and the largest value of each metric. */
function areRanges({ tasks, metricOf, words: { ranges } }: Seen, valueOf: (task: string) => number): void {
  for (const [, low, high, label] of ranges!.matchAll(/([\d.,]+)(?: to ([\d.,]+))? ([A-Z]+)/g)) {
    const values = tasks.filter((task) => metricOf(task).toUpperCase() === label).map(valueOf);
    const known = values.filter((value) => value > 1e-9);
    for (const end of [low, high ?? low])
      expect(known.some((value) => Math.abs(Number(end) - value) <= 0.5 * value)).toBe(true);
  }
}

const verdictsOn = ({ others, againstBaseline }: TableFacts, task: string) =>
  others.map((model) => againstBaseline(model, task));

/** The sentences on tasks, and on what couldn't be seen. */
export const TABLE_CLAIMS: readonly Claim[] = [
  claim(
    'seeds-needed',
    'If the difference seen between {a} and {b} \\({difference…} {metric} on {task}\\) is the true one, {needed} {noun}( \\({count} seeds?\\))? would detect it with a probability of 80%',
    (seen) => {
      isApart(seen);
      const needed = Number(seen.words['needed']);
      expect([needed > seen.seeds, needed <= 200]).toEqual([true, true]);
    },
  ),
  claim(
    'too-close',
    'More than 200 seeds would be needed to separate {a} and {b} \\({difference…} {metric} on {task}\\)',
    (seen) => {
      isApart(seen);
      expect(seen.testToTrain).toBe(0);
    },
  ),
  claim(
    'too-close',
    'More {noun} would not separate {a} and {b} \\({difference…} {metric} on {task}\\); more rows might',
    (seen) => {
      isApart(seen);
      expect(seen.testToTrain).toBeGreaterThan(0);
    },
  ),
  claim(
    'detectable-differences',
    'With (350 test rows and )?{count} {noun}, differences below about {ranges…} may go undetected',
    (seen) => {
      expect(Number(seen.words['count'])).toBe(seen.seeds);
      areRanges(seen, seen.detectableOn);
    },
  ),
  claim(
    'sampling-errors',
    'Another sample of 350 test rows could move (a score|the score of one {pair}) by {ranges…}',
    (seen) => {
      expect(seen.words['pair'] === undefined).toBe(seen.testToTrain === 0);
      areRanges(seen, (task) => {
        const bounds = seen.trials.map(({ rowIntervals }) => rowIntervals[task]![seen.metricOf(task)]!);
        return mean(bounds.map(({ low, high }) => (high - low) / 2).filter(Number.isFinite));
      });
    },
  ),
  claim('no-baseline', "Nothing is compared with single-task, which wasn't run", ({ hasBaseline }) =>
    expect(hasBaseline).toBe(false),
  ),
  claim('no-baseline', 'Run it, too', () => {}),
  claim(
    'better-than-baseline',
    'On {tasks…}, {same} is better than {than} by {amounts…}(, and than every {all} model( on {wins…})?)?',
    (seen) => {
      const { model, on, others, baseline, differences } = seen;
      const { than, amounts, all, wins } = seen.words;
      expect(than).toBe(baseline);
      const shown = [...amounts!.matchAll(/[\d.,]*\d/g)].map(([value]) => Number(value.replace(',', '')));
      for (const task of on) {
        isAgainstBaseline(seen, model, task, 'better');
        const leadOf = (each: string) => mean(differences(each, baseline, task));
        const lead = leadOf(model);
        const better = others.filter((each) => seen.againstBaseline(each, task) === 'better');
        expect(lead).toBeGreaterThanOrEqual(Math.max(...better.map(leadOf)) - 1e-12);
        expect(shown.some((value) => Math.abs(value - lead) <= 0.05 * lead + 5e-5)).toBe(true);
      }
      if (all !== undefined) isBest(seen, wins === undefined ? on : listOf(wins));
    },
  ),
  claim('better-than-baseline', 'On {tasks…}, {same} is worse than single-task', (seen) => {
    for (const task of seen.on) isAgainstBaseline(seen, seen.model, task, 'worse');
  }),
  claim('worse-than-baseline', '{models…} (is|are) worse than single-task( on at least {some} task)?', (seen) => {
    const { others, tasks } = seen;
    const losers = others.filter((model) => tasks.some((task) => seen.againstBaseline(model, task) === 'worse'));
    expect(listOf(seen.words['models']).sort()).toEqual(losers.sort());
    if (seen.words['some'] === undefined) expect(tasks.filter((task) => isTested(seen, task))).toHaveLength(1);
  }),
  claim('baseline-is-best', 'On {tasks…}, single-task is better than {other…}', (seen) => {
    const { other } = seen.words;
    if (other !== 'every other model') expect(seen.others).toEqual([other]);
    for (const task of seen.on) for (const model of seen.others) isAgainstBaseline(seen, model, task, 'worse');
  }),
  claim('could-be-chance', 'On {tasks…}, every difference from single-task in {labels…} could be chance', (seen) => {
    const isEach = seen.words['tasks'] === 'each task by itself';
    for (const task of isEach ? seen.tasks.filter((each) => isTested(seen, each)) : seen.on) {
      expect(new Set(['no difference', 'untested', ...verdictsOn(seen, task)]).size).toBe(2);
      for (const model of seen.others) differByChance(seen, model, seen.baseline, task);
    }
  }),
  claim('none-better', 'On {tasks…}, no model is better than single-task in {labels…}', (seen) => {
    for (const task of seen.on) {
      const verdicts = verdictsOn(seen, task);
      expect([verdicts.includes('better'), verdicts.includes('worse')]).toEqual([false, true]);
      for (const model of seen.others) seen.say(model, 'not better', seen.baseline, task);
    }
  }),
  claim(
    'untested',
    'On {tasks…}, nothing could be tested: the metric is undefined, or the models share too few {noun}',
    (seen) => expect(seen.on.filter((task) => isTested(seen, task))).toEqual([]),
  ),
  claim('best-on-tasks', 'On {tasks…}, {same} is better than every other model', (seen) => isBest(seen, seen.on)),
  claim('useless-tasks', 'No model is better than a constant prediction on {columns…}', (seen) => {
    for (const [, task, value] of seen.words['columns']!.matchAll(/(\w+) in \w+ \(([\d.]+)\)/g)) {
      expect(Number(value)).toBeCloseTo(Math.abs(seen.constantOf(task!)!), 3);
      expect(seen.models.filter((model) => seen.isUseful(model, task!))).toEqual([]);
    }
  }),
];

const isTested = (facts: TableFacts, task: string) => verdictsOn(facts, task).some((is) => is !== 'untested');

function isBest(seen: Seen, tasks: readonly string[]): void {
  for (const task of tasks)
    for (const each of seen.models) if (each !== seen.model) isBetter(seen, seen.model, each, task);
}
