import { expect, test } from 'vitest';
import { renderText } from '../report/terminal.ts';
import { TOGETHER_MODELS, togetherDocument } from '../report/together-document.ts';
import { createSuite } from '../suites/suite.ts';
import { trialOf } from '../testing/trial-of.ts';
import { openData } from '../trials/open-data.ts';
import { openSetting } from '../trials/plan.ts';
import { taskGroups, pairRelations, type PairRelation, type TrainedRelations, trainRelations } from './relations.ts';

const { together: TOGETHER, apart: APART, groups: GROUPS } = TOGETHER_MODELS;

const matrix = (off: number) => [
  [1, off],
  [off, 1],
];
const epoch = (cosine: number, progress: number, affinity = matrix(0)) => ({
  ...{ cosine, cosines: matrix(cosine), affinity, progress, byParameter: { 'levels.0.kernel': matrix(cosine) } },
  ...({} as Omit<TrainedRelations['epochs'][number], 'cosine'>), // what else gradients have isn't read
});
const trained = (...seeds: TrainedRelations['epochs'][]): TrainedRelations[] =>
  seeds.map((epochs, i) => ({ seed: i + 1, epochs }));

test('an epoch counts by its progress, so those that learn by heart count nothing', () => {
  const affinity = [
    [0, 0.02],
    [0.04, 0],
  ];
  const of = (cosine: number) => [epoch(cosine, 0.3, affinity), epoch(cosine - 0.4, 0.1), epoch(-1, 0)];
  const [pair, ...others] = pairRelations(['a', 'b'], trained(of(0.5), of(0.6), of(0.7)));
  expect(others).toEqual([]);
  // (0.3 c + 0.1 (c − 0.4)) / 0.4 = c − 0.1
  expect(pair).toMatchObject({ tasks: ['a', 'b'], cosine: expect.closeTo(0.5, 12), relation: 'help' });
  expect(pair!.affinity).toBeCloseTo((0.3 * 0.03) / 0.4, 12);
  expect(pair!.byParameter['levels.0.kernel']).toBeCloseTo(0.5, 12);
  expect([pair!.first, pair!.last]).toEqual([expect.closeTo(0.6, 12), -1]);
  // t interval of 0.4, 0.5, 0.6: 4.3027 · 0.1 / √3
  expect(pair!.high - pair!.cosine).toBeCloseTo(0.248414, 5);
});

test('harm is the same with the other sign; one seed, and seeds that differ, are unknown', () => {
  const relation = (...cosines: number[]) =>
    pairRelations(['a', 'b'], trained(...cosines.map((cosine) => [epoch(cosine, 1)])))[0]!.relation;
  expect(relation(-0.5, -0.6, -0.7)).toBe('harm');
  expect(relation(0.6)).toBe('unknown');
  expect(relation(0.6, -0.5, 0.1)).toBe('unknown');
  expect(relation(NaN, 0.6)).toBe('unknown'); // a task without a gradient
});

const pairOf = (a: string, b: string, cosine: number, relation: PairRelation['relation'] = 'help'): PairRelation => ({
  ...{ tasks: [a, b], cosine, low: cosine, high: cosine, first: cosine, last: cosine, affinity: 0, byParameter: {} },
  relation,
});

test.each<[string, readonly PairRelation[], string[][] | undefined]>([
  ['two groups', [pairOf('a', 'b', 0.3), pairOf('c', 'd', 0.2), pairOf('a', 'c', -0.2, 'harm')], [['a', 'b'], ['c', 'd']]], // prettier-ignore
  ['a task that nobody is known to help', [pairOf('a', 'b', 0.3), pairOf('a', 'c', 0.9, 'unknown')], [['a', 'b'], ['c'], ['d']]], // prettier-ignore
  ['a chain whose ends harm each other a little', [pairOf('a', 'b', 0.3), pairOf('b', 'c', 0.3), pairOf('a', 'c', -0.1, 'harm')], [['a', 'b', 'c'], ['d']]], // prettier-ignore
  ['a chain whose ends harm each other much', [pairOf('a', 'b', 0.3), pairOf('b', 'c', 0.2), pairOf('a', 'c', -0.4, 'harm')], [['a', 'b'], ['c'], ['d']]], // prettier-ignore
  ['no help', [pairOf('a', 'b', -0.3, 'harm')], undefined],
])('groups: %s', (_, known, groups) => {
  const of = (tasks: readonly string[]) =>
    tasks.flatMap((a, i) =>
      tasks
        .slice(i + 1)
        .map((b) => known.find(({ tasks: [x, y] }) => x === a && y === b) ?? pairOf(a, b, 0, 'unknown')),
    );
  expect(taskGroups(['a', 'b', 'c', 'd'], of(['a', 'b', 'c', 'd']))).toEqual(groups);
  // more tasks than groupings can be compared of: the best two groups are joined
  const many = [...'abcdefghij'];
  const others = ['e', 'f', 'g', 'h', 'i', 'j'].map((task) => [task]);
  expect(taskGroups(many, of(many))).toEqual(groups && [...groups, ...others]);
});

test('gradients of known groups tell the groups, and no test row is read', async () => {
  const correlation = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j || i + j === 1)));
  const suite = await createSuite({
    suite: {
      ...{ name: 't', extends: 'synthetic', models: [TOGETHER], size: { levels: [16], tower: [8] } },
      data: { tasks: 3, conflict: 0, noise: 0, correlation },
    },
    limitRows: 600,
    epochs: 2,
    batchSize: 32,
    seeds: [1, 2, 3, 4, 5],
  });
  const opened = openData(() => Promise.resolve(suite.entry));
  const rows = async (...of: Parameters<typeof opened.rows>) => {
    const test = () => {
      throw new Error('The test rows were read.');
    };
    return { ...(await opened.rows(...of)), test };
  };
  const data = { ...opened, rows };
  const open = await openSetting(suite, suite.settings[0]!, { name: 'compiled', mode: 'compiled' }, data);
  const pairs = pairRelations(open.tasks, await trainRelations(open, { data }));
  expect(taskGroups(open.tasks, pairs)).toEqual([['task1', 'task2'], ['task3']]);
}, 120_000);

test('the document has the answer, the pairs and the proof', () => {
  const errors = {
    [TOGETHER]: [0.5, 0.52, 0.54, 0.5, 0.5],
    [APART]: [0.5, 0.54, 0.51, 0.5, 0.51],
    [GROUPS]: [0.45, 0.47, 0.48, 0.45, 0.45],
  };
  const trials = Object.entries(errors).flatMap(([model, own]) =>
    own.map((error, i) => trialOf({ model, seed: i + 1, normalizedLosses: { click: error } })),
  );
  const pairs = [pairOf('a', 'b', 0.3), pairOf('a', 'c', -0.2, 'harm'), pairOf('b', 'c', 0.01, 'unknown')];
  const report = { tasks: ['a', 'b', 'c'], seeds: 5, pairs, groups: [['a', 'b'], ['c']], trials };
  const text = renderText(togetherDocument(report));
  expect(text).toContain(
    'Proposed: a and b; c by itself. These help each other significantly: a and b. These harm each other significantly: a and c.',
  );
  expect(text).toContain(
    'The groups: better than all together on test rows (-0.0520 ±0.0056 mean normalized loss, 5 seeds).',
  );
  expect(text).toContain('All tasks apart: not significantly different from all together');
  expect(text).toMatch(/a, c +-0\.20 .*▼/);
  const nothing = renderText(togetherDocument({ ...report, pairs: pairs.slice(2), groups: undefined, trials: [] }));
  expect(nothing).toContain("Can't tell which tasks should share: no pair is known to help each other (5 seeds).");
});
