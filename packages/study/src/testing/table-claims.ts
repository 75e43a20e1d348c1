import { mean } from '@polytask/components';
import { expect } from 'vitest';
import { type Check, type Claims, listOf, sayChance } from './answer-claims.ts';
import type { TableFacts } from './table-facts.ts';

/** Numbers of sentences have one or two significant digits. */
const isAbout = (text: string, value: number) => {
  if (text.startsWith('less than ')) return expect(value).toBeLessThan(Number(text.slice(10)));
  const shown = Number(text.replace(',', ''));
  expect([text, Math.abs(shown - value) <= 0.5 * 10 ** Math.floor(Math.log10(Math.abs(shown)))]).toEqual([text, true]);
};

/** `.01 to .03 AUC and 0.2 RMSE`: the least and the largest value of each metric. */
const checkRanges = (facts: TableFacts, text: string, valueOf: (task: string) => number) => {
  for (const [, low, high, label] of text.matchAll(/([\d.,]+)(?: to ([\d.,]+))? ([A-Z]+)/g)) {
    const values = facts.tasks.filter((task) => facts.metricOf(task).toUpperCase() === label).map(valueOf);
    const known = values.filter((value) => value > 1e-9);
    expect(known).not.toEqual([]);
    expect(known.some((value) => Math.abs(Number(low) - value) <= 0.5 * value)).toBe(true);
    expect(known.some((value) => Math.abs(Number(high ?? low) - value) <= 0.5 * value)).toBe(true);
  }
};

const apart: Check = ({ differences }, { a, b, difference, task }) => {
  isAbout(difference!, Math.abs(mean(differences(a!, b!, task!))));
};

const verdictsOn = (facts: TableFacts, task: string) => facts.others.map((model) => facts.againstBaseline(model, task));

/** The sentences on tasks, and on what couldn't be seen. */
export const TABLE_CLAIMS: Claims = {
  'seeds-needed': [
    [
      /^If the difference seen between (?<a>\S+) and (?<b>\S+) \((?<difference>\S+|less than \S+) \w+ on (?<task>\w+)\) is the true one, (?<needed>\d+) \w+(?: \(\d+ seeds?\))? would detect it with a probability of 80%\.$/,
      (facts, groups, ...rest) => {
        apart(facts, groups, ...rest);
        expect(Number(groups['needed'])).toBeGreaterThan(facts.seeds);
        expect(Number(groups['needed'])).toBeLessThanOrEqual(200);
      },
    ],
  ],
  'too-close': [
    [
      /^More than 200 seeds would be needed to separate (?<a>\S+) and (?<b>\S+) \((?<difference>\S+|less than \S+) \w+ on (?<task>\w+)\)\.$/,
      (facts, ...rest) => {
        apart(facts, ...rest);
        expect(facts.testToTrain).toBe(0);
      },
    ],
    [
      /^More \w+ would not separate (?<a>\S+) and (?<b>\S+) \((?<difference>\S+|less than \S+) \w+ on (?<task>\w+)\); more rows might\.$/,
      (facts, ...rest) => {
        apart(facts, ...rest);
        expect(facts.testToTrain).toBeGreaterThan(0);
      },
    ],
  ],
  'detectable-differences': [
    [
      /^With (?:350 test rows and )?(?<count>\d+) \w+, differences below about (?<ranges>.+) may go undetected\.$/,
      (facts, { count, ranges }) => {
        expect(Number(count)).toBe(facts.seeds);
        checkRanges(facts, ranges!, (task) => facts.detectableOn(task));
      },
    ],
  ],
  'sampling-errors': [
    [
      /^Another sample of 350 test rows could move (?<what>a score|the score of one seed|the score of one fold) by (?<ranges>.+)\.$/,
      (facts, { what, ranges }) => {
        expect(what === 'a score').toBe(facts.testToTrain === 0);
        checkRanges(facts, ranges!, (task) => {
          const bounds = facts.trials.map(({ rowIntervals }) => rowIntervals[task]![facts.metricOf(task)]!);
          return mean(bounds.map(({ low, high }) => (high - low) / 2).filter(Number.isFinite));
        });
      },
    ],
  ],
  'no-baseline': [
    [
      /^Nothing is compared with single-task, which wasn't run\.$/,
      ({ hasBaseline }) => expect(hasBaseline).toBe(false),
    ],
    [/^Run it, too\.$/, () => undefined],
  ],
  'better-than-baseline': [
    [
      /^On (?<tasks>.+), \S+ is better than (?<than>\S+) by (?<amounts>.+?)(?<all>, and than every other model(?: on (?<wins>.+))?)?\.$/,
      (facts, { tasks, than, amounts, all, wins }, model, say) => {
        expect(than).toBe(facts.baseline);
        const shown = [...amounts!.matchAll(/[\d.,]*\d/g)].map(([value]) => value);
        listOf(tasks!).forEach((task) => {
          expect(facts.againstBaseline(model, task)).toBe('better');
          const lead = (each: string) => mean(facts.differences(each, facts.baseline, task));
          for (const each of facts.others)
            if (facts.againstBaseline(each, task) === 'better')
              expect(lead(each)).toBeLessThanOrEqual(lead(model) + 1e-12);
          expect(
            shown.some((value) => Math.abs(Number(value.replace(',', '')) - lead(model)) <= 0.05 * lead(model) + 5e-5),
          ).toBe(true);
          say(model, 'better', facts.baseline, task);
        });
        for (const task of all === undefined ? [] : listOf(wins ?? tasks!))
          for (const each of facts.models.filter((name) => name !== model)) {
            expect(facts.testAll([facts.differences(model, each, task)])).toEqual(['better']);
            say(model, 'better', each, task);
          }
      },
    ],
    [
      /^On (?<tasks>.+), \S+ is worse than single-task\.$/,
      (facts, { tasks }, model, say) => {
        for (const task of listOf(tasks!)) {
          expect(facts.againstBaseline(model, task)).toBe('worse');
          say(facts.baseline, 'better', model, task);
        }
      },
    ],
  ],
  'worse-than-baseline': [
    [
      /^(?<models>.+) (?:is|are) worse than single-task(?<some> on at least one task)?\.$/,
      (facts, { models, some }) => {
        const losers = facts.others.filter((model) =>
          facts.tasks.some((task) => facts.againstBaseline(model, task) === 'worse'),
        );
        expect(listOf(models!).sort()).toEqual(losers.sort());
        if (some === undefined)
          expect(facts.tasks.filter((task) => verdictsOn(facts, task).some((is) => is !== 'untested'))).toHaveLength(1);
      },
    ],
  ],
  'baseline-is-best': [
    [
      /^On (?<tasks>.+), single-task is better than (?<other>.+)\.$/,
      (facts, { tasks, other }, _, say) => {
        if (other !== 'every other model') expect(facts.others).toEqual([other]);
        for (const task of listOf(tasks!))
          for (const model of facts.others) {
            expect(facts.againstBaseline(model, task)).toBe('worse');
            say(facts.baseline, 'better', model, task);
          }
      },
    ],
  ],
  'could-be-chance': [
    [
      /^On (?<tasks>.+), every difference from single-task in (?<labels>.+) could be chance\.$/,
      (facts, { tasks }, _, say) => {
        const isTested = (task: string) => verdictsOn(facts, task).some((is) => is !== 'untested');
        for (const task of tasks === 'each task by itself' ? facts.tasks.filter(isTested) : listOf(tasks!)) {
          expect(new Set(['no difference', 'untested', ...verdictsOn(facts, task)]).size).toBe(2);
          for (const model of facts.others) sayChance(say, model, facts.baseline, task);
        }
      },
    ],
  ],
  'none-better': [
    [
      /^On (?<tasks>.+), no model is better than single-task in (?<labels>.+)\.$/,
      (facts, { tasks }, _, say) => {
        for (const task of listOf(tasks!)) {
          expect(verdictsOn(facts, task)).not.toContain('better');
          expect(verdictsOn(facts, task)).toContain('worse');
          for (const model of facts.others) say(model, 'not better', facts.baseline, task);
        }
      },
    ],
  ],
  untested: [
    [
      /^On (?<tasks>.+), nothing could be tested: the metric is undefined, or the models share too few \w+\.$/,
      (facts, { tasks }) => {
        for (const task of listOf(tasks!)) expect(new Set(verdictsOn(facts, task))).toEqual(new Set(['untested']));
      },
    ],
  ],
  'best-on-tasks': [
    [
      /^On (?<tasks>.+), \S+ is better than every other model\.$/,
      (facts, { tasks }, model, say) => {
        for (const task of listOf(tasks!))
          for (const each of facts.models.filter((name) => name !== model)) {
            expect(facts.testAll([facts.differences(model, each, task)])).toEqual(['better']);
            say(model, 'better', each, task);
          }
      },
    ],
  ],
  'useless-tasks': [
    [
      /^No model is better than a constant prediction on (?<columns>.+)\.$/,
      (facts, { columns }) => {
        for (const [, task, value] of columns!.matchAll(/(\w+) in \w+ \(([\d.]+)\)/g)) {
          expect(Number(value)).toBeCloseTo(Math.abs(facts.constantOf(task!)!), 3);
          expect(facts.models.filter((model) => facts.isUseful(model, task!))).toEqual([]);
        }
      },
    ],
  ],
};
