import { expect } from 'vitest';
import { type Claim, claim, differByChance, isBetter, listOf, type Seen } from './claim.ts';
import type { TableFacts } from './table-facts.ts';

/** The models that the first one or the baseline is significantly better than. */
function beatenIn({ models, baseline, isByGain, overall }: TableFacts, first: string): string[] {
  const overFirst = overall(first);
  const overBaseline = isByGain ? overall(baseline) : undefined;
  return models.filter((model) =>
    isByGain && model === baseline
      ? overBaseline!.get(first) === 'better'
      : overFirst.get(model) === 'worse' || (first !== baseline && overBaseline?.get(model) === 'worse'),
  );
}

const isUndecided = ({ seeds, words: { count } }: Seen) =>
  expect([seeds < 5, Number(count ?? seeds)]).toEqual([true, seeds]);

const isFirst = (facts: TableFacts, model: string) => expect([model, facts.isFirst(model)]).toEqual([model, true]);

const areUseless = ({ on, isUseful }: Seen, models: readonly string[]) =>
  expect(on.flatMap((task) => models.filter((model) => isUseful(model, task)))).toEqual([]);

const isSmaller = ({ sizeOf }: TableFacts, model: string, than: string) =>
  expect(sizeOf(model)).toBeLessThan(sizeOf(than));

const othersOf = ({ models }: TableFacts, model: string) => models.filter((each) => each !== model);

/** The sentences of the answer. */
export const ANSWER_CLAIMS: readonly Claim[] = [
  claim(
    'not-ranked',
    "The models can't be ranked: {first} comes first, but {better} is significantly better than {same} on average over the tasks",
    (seen) => {
      const { first, better } = seen.words;
      isFirst(seen, first!);
      expect(seen.overall(first!).get(better!)).toBe('better');
    },
  ),
  claim('no-model', 'Take none of the models: none is better than a constant prediction on {tasks…}', (seen) => {
    areUseless(seen, seen.models);
    expect([seen.ranked, seen.seeds >= 5]).toEqual([[], true]);
  }),
  claim(
    'no-model',
    'Undecided: so far no model is better than a constant prediction on {tasks…}, and a verdict takes at least 5 {noun}',
    (seen) => {
      isUndecided(seen);
      areUseless(seen, seen.models);
    },
  ),
  claim(
    'no-model',
    "The models can't be ranked: (no model is better than a constant prediction on {tasks…}; )?{unscored…} (has|have) no score in some trial",
    (seen) => {
      areUseless(seen, seen.models);
      expect(listOf(seen.words['unscored']).filter(seen.isScored)).toEqual([]);
      expect(seen.ranked).toEqual([]);
    },
  ),
  claim('no-model', "The models can't be ranked: no {noun} has a trial of each model", ({ inAll }) =>
    expect(inAll).toEqual([]),
  ),
  claim(
    'model-to-take',
    "Undecided: {count} {noun} can't separate the models from chance; a verdict takes at least 5",
    isUndecided,
  ),
  claim('model-to-take', 'For now take {same}: it ranks first(, and no clearly smaller model comes close)?', (seen) =>
    isFirst(seen, seen.model),
  ),
  claim(
    'model-to-take',
    "For now take {same}: (the smallest|a smaller) model that isn't visibly worse than {first}, which ranks first",
    (seen) => {
      isFirst(seen, seen.words['first']!);
      isSmaller(seen, seen.model, seen.words['first']!);
    },
  ),
  claim(
    'model-to-take',
    'Take {same}: {first} ranks first, but the difference could be chance, and {again} is (smaller|the smallest of {count} such models)',
    (seen) => {
      const { model, tasks } = seen;
      const { first, count } = seen.words;
      isFirst(seen, first!);
      isSmaller(seen, model, first!);
      const beaten = beatenIn(seen, first!);
      expect(beaten).not.toContain(model);
      if (tasks.length === 1) differByChance(seen, model, first!, tasks[0]!);
      if (count === undefined) return;
      const alike = othersOf(seen, model).filter((each) => !beaten.includes(each));
      expect(alike).toHaveLength(Number(count) - 1);
      for (const each of alike) isSmaller(seen, model, each);
    },
  ),
  claim('model-to-take', 'Take {same}: it ranks first, but the difference from {alike…} could be chance', (seen) => {
    const { model, tasks } = seen;
    const alike = listOf(seen.words['alike']);
    isFirst(seen, model);
    expect([...alike, ...beatenIn(seen, model)].sort()).toEqual(othersOf(seen, model).sort());
    if (tasks.length === 1) for (const each of alike) differByChance(seen, model, each, tasks[0]!);
  }),
  claim(
    'model-to-take',
    'Take {same}: (it ranks first, and|on average over the tasks it is better than) (every other model|the other model)( is worse than {than…})?',
    (seen) => {
      const { model, baseline, tasks, say } = seen;
      isFirst(seen, model);
      expect(beatenIn(seen, model)).toEqual(othersOf(seen, model));
      const { than } = seen.words;
      if (than !== undefined) expect([model, baseline]).toEqual(expect.arrayContaining(listOf(than)));
      else if (tasks.length === 1) for (const each of othersOf(seen, model)) say(model, 'better', each, tasks[0]!);
    },
  ),
  claim('model-to-take', 'Its gain over single-task is {gain}%', ({ overall, baseline, model, gainOf, words }) => {
    expect(overall(baseline).get(model)).toBe('better');
    expect(Math.abs(Number(words['gain']) / 100 - gainOf(model))).toBeLessThan(0.00051);
  }),
  claim('model-to-take', 'But {same} is worse than single-task on {columns…}', (seen) => {
    const { againstBaseline, metricOf, baseline, model, say } = seen;
    for (const column of listOf(seen.words['columns'])) {
      const [task, metric] = column.toLowerCase().split(' in ') as [string, string];
      expect(againstBaseline(model, task, metric)).toBe('worse');
      if (metricOf(task) === metric) say(baseline, 'better', model, task);
    }
  }),
  claim('model-to-take', 'But {same} is no better than a constant prediction on {tasks…}', (seen) =>
    areUseless(seen, [seen.model]),
  ),
  claim('model-to-take', '{models…} (is|are) worse than {than…}', (seen) => {
    const beaten = seen.models.filter(seen.isFirst).map((first) => beatenIn(seen, first));
    const named = listOf(seen.words['models']!.toLowerCase());
    expect(beaten.some((each) => named.every((model) => each.includes(model)))).toBe(true);
    for (const each of listOf(seen.words['than'])) expect(each === seen.baseline || seen.isFirst(each)).toBe(true);
  }),
  claim('scores-beside', '{other} alone has {others…}; {same} has {own…}', (seen) => {
    const { model, tasks, differences, meanOf } = seen;
    const { other, others, own } = seen.words;
    const check = (name: string, text: string) =>
      [...text.matchAll(/([\d.]+) on (\w+)/g)].map(([, value, task]) => {
        expect(Math.abs(Number(value) - Math.abs(meanOf(name, task!)))).toBeLessThan(0.0006);
        return task!;
      });
    check(model, own!);
    const shared = tasks.filter((task) => differences(model, other!, task).every(Number.isFinite));
    expect(check(other!, others!).sort()).toEqual(shared.sort());
  }),
  claim('scores-beside', 'Use {other} for {tasks…}: there it is significantly better', (seen) => {
    const other = seen.words['other']!;
    for (const task of seen.on) {
      expect(seen.isUseful(other, task)).toBe(true);
      isBetter(seen, other, seen.model, task);
    }
  }),
  claim(
    'scores-beside',
    'On {tasks…}, {other} is significantly better, but no better than a constant prediction',
    (seen) => {
      const other = seen.words['other']!;
      areUseless(seen, [other]);
      for (const task of seen.on) seen.say(other, 'better', seen.model, task);
    },
  ),
  claim('scores-beside', '{same} is significantly better than {other} on {tasks…}', (seen) => {
    for (const task of seen.on) isBetter(seen, seen.model, seen.words['other']!, task);
  }),
  claim('scores-beside', 'On {tasks…}, the difference could be chance', (seen) => {
    for (const task of seen.words['tasks'] === 'each task' ? seen.tasks : seen.on)
      differByChance(seen, seen.model, 'gradient-boosting', task);
  }),
];
