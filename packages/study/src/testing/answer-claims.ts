import { expect } from 'vitest';
import type { TableFacts } from './table-facts.ts';

/** A model and what a sentence says of it beside another one on a task: the sentences of a document are searched for contradictions. */
export type Say = (model: string, relation: 'better' | 'not better', than: string, task: string) => void;

/** What a table must show for a sentence. @param groups those of the pattern @param model what the finding is about */
export type Check = (facts: TableFacts, groups: Readonly<Record<string, string>>, model: string, say: Say) => void;

export type Claims = Readonly<Record<string, readonly (readonly [RegExp, Check])[]>>;

export const listOf = (text: string): string[] => text.split(/, | and | or /);

/** Both differ by chance. */
export const sayChance = (say: Say, a: string, b: string, task: string): void => {
  say(a, 'not better', b, task);
  say(b, 'not better', a, task);
};

/** The models that the first one or the baseline is significantly better than. */
export function beatenIn({ models, baseline, isByGain, overall }: TableFacts, first: string): string[] {
  const overFirst = overall(first);
  const overBaseline = isByGain ? overall(baseline) : undefined;
  return models.filter((model) =>
    isByGain && model === baseline
      ? overBaseline!.get(first) === 'better'
      : overFirst.get(model) === 'worse' || (first !== baseline && overBaseline?.get(model) === 'worse'),
  );
}

const isUndecided: Check = ({ seeds }, { count = seeds }) => expect([seeds < 5, Number(count)]).toEqual([true, seeds]);

const isFirst = (facts: TableFacts, model: string) => expect([model, facts.isFirst(model)]).toEqual([model, true]);

const isUselessOn = (facts: TableFacts, tasks: string, models: readonly string[]) => {
  for (const task of listOf(tasks)) expect(models.filter((model) => facts.isUseful(model, task))).toEqual([]);
};

const smaller = (facts: TableFacts, model: string, than: string) =>
  expect(facts.sizeOf(model)).toBeLessThan(facts.sizeOf(than));

/** Verdicts of a pair of models on tasks, with Holm's correction for the tasks. */
function pairVerdicts(facts: TableFacts, model: string, other: string): ReadonlyMap<string, string> {
  const shared = facts.tasks.filter((task) => facts.differences(model, other, task).every(Number.isFinite));
  const verdicts = facts.testAll(shared.map((task) => facts.differences(model, other, task)));
  return new Map(shared.map((task, i) => [task, verdicts[i]!]));
}

/** The sentences of the answer. */
export const ANSWER_CLAIMS: Claims = {
  'not-ranked': [
    [
      /^The models can't be ranked: (?<first>\S+) comes first, but (?<better>\S+) is significantly better than \S+ on average over the tasks\.$/,
      (facts, { first, better }) => {
        isFirst(facts, first!);
        expect(facts.overall(first!).get(better!)).toBe('better');
      },
    ],
  ],
  'no-model': [
    [
      /^Take none of the models: none is better than a constant prediction on (?<tasks>.+)\.$/,
      (facts, { tasks }) => {
        isUselessOn(facts, tasks!, facts.models);
        expect([facts.ranked, facts.seeds >= 5]).toEqual([[], true]);
      },
    ],
    [
      /^Undecided: so far no model is better than a constant prediction on (?<tasks>.+), and a verdict takes at least 5 \w+\.$/,
      (facts, groups, ...rest) => {
        isUndecided(facts, {}, ...rest);
        isUselessOn(facts, groups['tasks']!, facts.models);
      },
    ],
    [
      /^The models can't be ranked: (?:no model is better than a constant prediction on (?<tasks>.+?); )?(?<unscored>\S+(?:, \S+)?(?: and \S+)?) ha(?:s|ve) no score in some trial\.$/,
      (facts, { tasks, unscored }) => {
        if (tasks !== undefined) isUselessOn(facts, tasks, facts.models);
        for (const task of listOf(unscored!)) expect(facts.isScored(task)).toBe(false);
        expect(facts.ranked).toEqual([]);
      },
    ],
    [/^The models can't be ranked: no \w+ has a trial of each model\.$/, ({ inAll }) => expect(inAll).toEqual([])],
  ],
  'model-to-take': [
    [/^Undecided: (?<count>\d+) \w+ can't separate the models from chance; a verdict takes at least 5\.$/, isUndecided],
    [
      /^For now take \S+: it ranks first(?:, and no clearly smaller model comes close)?\.$/,
      (facts, _, model) => isFirst(facts, model),
    ],
    [
      /^For now take \S+: (?:the smallest|a smaller) model that isn't visibly worse than (?<first>\S+), which ranks first\.$/,
      (facts, { first }, model) => {
        isFirst(facts, first!);
        smaller(facts, model, first!);
      },
    ],
    [
      /^Take \S+: (?<first>\S+) ranks first, but the difference could be chance, and \S+ is (?:smaller|the smallest of (?<count>\d) such models)\.$/,
      (facts, { first, count }, model, say) => {
        isFirst(facts, first!);
        smaller(facts, model, first!);
        const alike = facts.models.filter((each) => !beatenIn(facts, first!).includes(each));
        expect(alike).toContain(model);
        if (facts.tasks.length === 1) sayChance(say, model, first!, facts.tasks[0]!);
        if (count === undefined) return;
        expect(alike).toHaveLength(Number(count));
        for (const each of alike) if (each !== model) smaller(facts, model, each);
      },
    ],
    [
      /^Take \S+: it ranks first, but the difference from (?<alike>.+) could be chance\.$/,
      (facts, { alike }, model, say) => {
        isFirst(facts, model);
        const beaten = beatenIn(facts, model);
        expect(listOf(alike!).sort()).toEqual(
          facts.models.filter((each) => each !== model && !beaten.includes(each)).sort(),
        );
        if (facts.tasks.length === 1) for (const each of listOf(alike!)) sayChance(say, model, each, facts.tasks[0]!);
      },
    ],
    [
      /^Take \S+: (?:it ranks first, and|on average over the tasks it is better than) (?:every other model|the other model)(?: is worse than (?<than>.+))?\.$/,
      (facts, { than }, model, say) => {
        isFirst(facts, model);
        expect(beatenIn(facts, model)).toEqual(facts.models.filter((each) => each !== model));
        if (than !== undefined) return expect([model, facts.baseline]).toEqual(expect.arrayContaining(listOf(than)));
        for (const each of facts.models)
          if (each !== model && facts.tasks.length === 1) say(model, 'better', each, facts.tasks[0]!);
      },
    ],
    [
      /^Its gain over single-task is (?<gain>[\d.]+)%\.$/,
      (facts, { gain }, model) => {
        expect(facts.overall(facts.baseline).get(model)).toBe('better');
        expect(Math.abs(Number(gain) / 100 - facts.gainOf(model))).toBeLessThan(0.00051);
      },
    ],
    [
      /^But (?<model>\S+) is worse than single-task on (?<columns>.+)\.$/,
      (facts, { columns }, model, say) => {
        for (const column of listOf(columns!)) {
          const [task, label] = column.split(' in ');
          expect(facts.againstBaseline(model, task!, label!.toLowerCase())).toBe('worse');
          if (facts.metricOf(task!) === label!.toLowerCase()) say(facts.baseline, 'better', model, task!);
        }
      },
    ],
    [
      /^But \S+ is no better than a constant prediction on (?<tasks>.+)\.$/,
      (facts, { tasks }, model) => isUselessOn(facts, tasks!, [model]),
    ],
    [
      /^(?<models>.+) (?:is|are) worse than (?<than>.+)\.$/,
      (facts, { models, than }) => {
        const beaten = facts.models.filter((model) => facts.isFirst(model)).map((first) => beatenIn(facts, first));
        const named = listOf(models!.toLowerCase());
        expect(beaten.some((each) => named.every((model) => each.includes(model)))).toBe(true);
        for (const each of listOf(than!)) expect(each === facts.baseline || facts.isFirst(each)).toBe(true);
      },
    ],
  ],
  'scores-beside': [
    [
      /^(?<other>\S+) alone has (?<others>.+); \S+ has (?<own>.+)\.$/,
      (facts, { other, others, own }, model) => {
        const shown = (text: string) =>
          new Map([...text.matchAll(/([\d.]+) on (\w+)/g)].map(([, value, task]) => [task!, Number(value)]));
        for (const [name, text] of [
          [other!, others!],
          [model, own!],
        ] as const)
          // prettier-ignore
          for (const [task, value] of shown(text))
            expect(Math.abs(value - Math.abs(facts.meanOf(name, task)))).toBeLessThan(0.0006);
        expect([...shown(others!).keys()].sort()).toEqual([...pairVerdicts(facts, model, other!).keys()].sort());
      },
    ],
    [
      /^Use (?<other>\S+) for (?<tasks>.+): there it is significantly better\.$/,
      (facts, { other, tasks }, model, say) => {
        for (const task of listOf(tasks!)) {
          expect(facts.isUseful(other!, task)).toBe(true);
          expect(facts.testAll([facts.differences(other!, model, task)])).toEqual(['better']);
          say(other!, 'better', model, task);
        }
      },
    ],
    [
      /^On (?<tasks>.+), (?<other>\S+) is significantly better, but no better than a constant prediction\.$/,
      (facts, { other, tasks }, model, say) => {
        isUselessOn(facts, tasks!, [other!]);
        for (const task of listOf(tasks!)) say(other!, 'better', model, task);
      },
    ],
    [
      /^\S+ is significantly better than (?<other>\S+) on (?<tasks>.+)\.$/,
      (facts, { other, tasks }, model, say) => {
        for (const task of listOf(tasks!)) {
          expect(facts.testAll([facts.differences(model, other!, task)])).toEqual(['better']);
          say(model, 'better', other!, task);
        }
      },
    ],
    [
      /^On (?<tasks>.+), the difference could be chance\.$/,
      (facts, { tasks }, model, say) => {
        const on = tasks === 'each task' ? facts.tasks : listOf(tasks!);
        for (const task of on) sayChance(say, model, 'gradient-boosting', task);
      },
    ],
  ],
};
