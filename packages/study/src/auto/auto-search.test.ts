import { expect, test, vi } from 'vitest';
import { models } from '../models/models.ts';
import { createSuite } from '../suites/suite.ts';
import { type Executor, scoreOf } from '../trials/executor.ts';
import { openData } from '../trials/open-data.ts';
import { trainingOf } from '../results/trial-result.ts';
import { candidate, openSetting } from '../trials/plan.ts';
import type { FinishedRound } from '../trials/run-listener.ts';
import { runPolicy, type PolicyOptions, memoryStore } from '../trials/run-trials.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import { tpe } from '@polytask/training/search';
import {
  autoSearch,
  type AutoSearchOptions,
  searchClock,
  type AutoChoices,
  bracketOf,
  candidateOf,
} from './auto-search.ts';

const NAMES = ['single-task', 'mmoe', 'adatt'];
const suite = await createSuite({ suite: 'synthetic', models: NAMES, seeds: [1], epochs: 9, limitRows: 50 });
const engine = { name: 'cpu', mode: 'eager' } as const;
const open = await openSetting(
  suite,
  suite.settings[0]!,
  engine,
  openData(() => Promise.resolve(suite.entry)),
);
const space = {
  models: NAMES,
  tasks: ['a', 'b'],
  size: { levels: [8, 4], experts: 4, tower: [4], embedding: 4 },
  learningRate: 1e-3,
  hasTeacher: true,
  seed: 1,
};

/** The configurations of a bracket: those to try first, then its draws. */
function bracketCandidates(choices: AutoChoices, bracket: number) {
  const { first, trials, draw } = bracketOf(choices, bracket);
  return [...first, ...Array.from({ length: trials - first.length }, (_, i) => draw(i))].map(candidateOf);
}

/** A world in which an epoch takes a second, and a score depends on the model and its learning rate. */
function world({ stopAfter = Infinity } = {}) {
  let time = 0;
  const specs: TrialSpec[] = [];
  const executor: Executor = {
    places: 1,
    run(spec) {
      const { config, model, measures } = spec;
      if (measures === 'test') return Promise.reject(new Error('a search opens no test rows'));
      if (specs.length === stopAfter) return Promise.reject(new Error('killed'));
      specs.push(spec);
      time += config.training.epochs;
      const { learningRate = 1e-3 } = (config.model.chosen ?? {}) as { learningRate?: number };
      const quality = { 'single-task': 0.6, mmoe: 0.8, adatt: 0.7 }[model]!;
      return Promise.resolve(scoreOf(spec, quality + learningRate - 0.1 / config.training.epochs));
    },
    close: () => Promise.resolve(),
  };
  return { executor, specs, now: () => time };
}

/** Runs a search in a world. */
const searched = (
  world: { readonly executor: Executor; now(): number },
  seconds: number,
  { method, ...options }: Partial<PolicyOptions> & Pick<AutoSearchOptions, 'listener' | 'method'> = {},
  own = open,
) =>
  runPolicy(autoSearch(own, { seconds, clock: searchClock(world.now), listener: options.listener, method }), {
    ...{ executor: world.executor, store: memoryStore() },
    ...options,
  });

test('the first bracket begins with the default of every model, and members with a teacher; a third of the draws is single-task', () => {
  const first = bracketCandidates(space, 0);
  expect(first.slice(0, 3)).toEqual(NAMES.map((model) => ({ model, values: {} })));
  expect(first[3]).toEqual({ model: 'adatt', values: { members: 8, teacher: 0.5 } });
  expect(first).toHaveLength(27);
  const draws = [0, 1, 2].flatMap((bracket) => bracketCandidates(space, bracket)).slice(4);
  const counts = NAMES.map((name) => draws.filter(({ model }) => model === name).length);
  expect(counts.reduce((a, b) => a + b)).toBe(77);
  for (const count of counts) expect(Math.abs(count - 26)).toBeLessThanOrEqual(1);
  for (const { values } of draws) {
    expect(values.learningRate).toBeGreaterThanOrEqual(1e-3 / 3 - 1e-6);
    expect(values.learningRate).toBeLessThanOrEqual(1e-2);
    expect([[4, 2], [8, 4], [16, 8], [8]]).toContainEqual(values.levels);
    expect([1, 8]).toContain(values.members);
    expect([0, 0.5]).toContain(values.teacher);
    if (values.taskWeights) expect(Object.keys(values.taskWeights)).toEqual(['a', 'b']);
  }
  const weighted = draws.filter(({ values }) => values.taskWeights).length;
  expect(Math.abs(weighted - 39)).toBeLessThan(18); // four deviations of a fair coin
  const few = draws.filter(({ values }) => values.members === 8).length;
  expect(Math.abs(few - 19.5)).toBeLessThan(16); // one draw in four
  const untaught = bracketCandidates({ ...space, hasTeacher: false }, 1);
  expect(untaught.some(({ values }) => 'teacher' in values)).toBe(false);
  expect(bracketCandidates(space, 1)).toEqual(bracketCandidates(space, 1));
  expect(bracketCandidates(space, 1)).not.toEqual(bracketCandidates(space, 2));
});

test('what a search tries of a training is that of the trial, and no size', () => {
  const values = { teacher: 0.5, schedule: 'cosine', learningRate: 0.01, members: 4, levels: [6] } as const;
  const { config } = candidate(open, open.suite.models[1]!, values, { epochs: 3 });
  expect(config.model.chosen).toEqual(values);
  expect(config.model.size).toEqual({ ...open.size, members: 4, levels: [6] });
  const usual = open.common.training;
  expect(trainingOf(config)).toEqual({ ...usual, epochs: 3, teacher: 0.5, schedule: 'cosine', learningRate: 0.01 });
});

test('every model of the table can be a candidate', () => {
  const all = models().filter(({ onlyNamed }) => !onlyNamed);
  const first = bracketCandidates({ ...space, models: all.map(({ name }) => name) }, 0);
  expect(new Set(first.map(({ model }) => model))).toEqual(new Set(all.map(({ name }) => name)));
});

test('it halves by the validation scores, keeps single-task in each round, and ends in time', async () => {
  const { executor, specs, now } = world();
  const rounds: FinishedRound[] = [];
  const listener = { onRound: (round: FinishedRound) => void rounds.push(round) };
  const tried = await searched({ executor, now }, 200, { listener });
  // 27 · 1 + 9 · 3 + 3 · 9 seconds, and in each later round one of single-task
  expect(rounds[0]).toMatchObject({ bracket: 1, round: 1, of: 3, epochs: 1, trained: 27, seconds: 27 });
  expect(rounds[1]!.trained).toBe(10);
  expect(rounds[2]!.trained).toBe(4);
  expect(specs.slice(27, 41).filter(({ model }) => model === 'single-task')).toHaveLength(2);
  expect(tried[0]!.values.model).toBe('mmoe');
  const rates = bracketCandidates({ ...space, tasks: open.tasks }, 0).flatMap(({ model, values }) =>
    model === 'mmoe' ? (values.learningRate ?? 1e-3) : [],
  );
  expect(tried[0]!.score).toBeGreaterThanOrEqual(0.8 + Math.max(...rates) - 0.1 / 9 - 1e-9);
  expect([...tried].sort((a, b) => b.score - a.score)).toEqual(tried);
  expect(now()).toBeGreaterThan(150);
  expect(now()).toBeLessThanOrEqual(200 + 9); // the training that runs at the end is not cut in this world
});

test('of many rows, early rounds train on some', async () => {
  const of = async (train: number) => {
    const large = world();
    const rounds: FinishedRound[] = [];
    const data = { ...open.common.data, rows: { train } };
    const listener = { onRound: (round: FinishedRound) => void rounds.push(round) };
    await searched(large, 200, { listener }, { ...open, common: { ...open.common, data } });
    const ofSpecs = new Set(
      large.specs.map(({ config: { training } }) => `${training.epochs} of ${training.trainingRows}`),
    );
    return { rounds: rounds.slice(0, 3).map(({ trainingRows }) => trainingRows), ofSpecs };
  };
  const large = await of(2_400_000);
  expect(large.rounds).toEqual([50_000, 150_000, undefined]);
  expect(large.ofSpecs).toEqual(new Set(['1 of 50000', '3 of 150000', '9 of undefined']));
  expect((await of(120_000)).rounds).toEqual([50_000, undefined, undefined]);
  expect((await of(50_000)).ofSpecs).toEqual(new Set(['1 of undefined', '3 of undefined', '9 of undefined']));
});

test('with little time each round has its share, and the first training runs in any case', async () => {
  const short = world();
  const tried = await searched(short, 12);
  expect(tried.length).toBeGreaterThanOrEqual(4); // a third of 12 seconds for the round of one epoch
  expect(new Set(short.specs.map(({ config }) => config.training.epochs))).toContain(3);
  const none = world();
  expect(await searched(none, 0)).toHaveLength(1);
});

test('another search takes the place of halving, and knows what its brackets before have trained', async () => {
  const { executor, specs, now } = world();
  const rounds: FinishedRound[] = [];
  const listener = { onRound: (round: FinishedRound) => void rounds.push(round) };
  const tried = await searched({ executor, now }, 9 * 40, { listener, method: tpe({ startup: 12 }) });
  expect(specs).toHaveLength(40); // each for nine epochs, with draws of 27 in a bracket
  expect(rounds.map(({ bracket, trained }) => `${bracket}: ${trained}`)).toEqual([
    '1: 12',
    ...Array.from({ length: 15 }, () => '1: 1'),
    ...Array.from({ length: 13 }, () => '2: 1'),
  ]);
  expect(new Set(specs.slice(0, 4).map(({ model }) => model))).toEqual(new Set(NAMES));
  const late = tried.filter(({ values }) => values.model === 'mmoe').length;
  expect(late).toBeGreaterThan(20); // it prefers the better model
  expect(tried.some(({ values }) => values.values.taskWeights)).toBe(true);
});

test.each([
  ['halving', undefined],
  ['tpe', tpe()],
])(
  'an interrupted search by %s goes on where it was, with the same result, and trains nothing twice',
  async (_, method) => {
    const whole = world();
    const expected = await searched(whole, 120, { method });

    const store = memoryStore();
    const append = vi.spyOn(store, 'append');
    const abort = new AbortController();
    const first = world();
    const listener = {
      onCandidate: ({ number }: { number: number }) => number === 8 && abort.abort(new Error('Ctrl-C')),
    };
    const stopped: Executor = {
      ...first.executor,
      run: (spec, hooks) => (hooks.signal?.throwIfAborted(), first.executor.run(spec, hooks)),
    };
    const cut = searched({ ...first, executor: stopped }, 120, { store, listener, method, signal: abort.signal });
    await expect(cut).rejects.toThrow('Ctrl-C');
    expect(append).toHaveBeenCalledTimes(8);

    const second = world();
    const tried = await searched(second, 120, { store, method });
    expect(tried).toEqual(expected);
    expect(first.specs.length + second.specs.length).toBe(whole.specs.length);
    expect(second.specs.length).toBeLessThan(whole.specs.length);

    const again = world();
    expect(await searched(again, 120, { store, method })).toEqual(tried);
    expect(again.specs).toHaveLength(0);
  },
);

test('a failed configuration is out of the search', async () => {
  const { executor, now } = world();
  const failing: Executor = {
    ...executor,
    run: (spec, hooks) => (spec.model === 'mmoe' ? Promise.reject(new Error('diverged')) : executor.run(spec, hooks)),
  };
  const tried = await searched({ executor: failing, now }, 60);
  expect(new Set(tried.map(({ values }) => values.model))).toEqual(new Set(['single-task', 'adatt']));
});
