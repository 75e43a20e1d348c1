import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { staticWeights } from '@polytask/balancing';
import { syntheticTasks } from '@polytask/data';
import { counterRandom } from '@polytask/metrics';
import { type RunListener, type SearchDeclaration, type SuiteEntry, suites, weightsToTry } from '@polytask/study';
import { drawFrom, type SearchSpace } from '@polytask/training/search';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { runSuite } from '../run-suite.ts';

const generator = syntheticTasks({ tasks: ['click', 'like'], dimension: 5, kind: 'binary', seed: 1 });
const opened = vi.fn();
const searchable: SearchDeclaration = {
  method: 'random',
  trials: 3,
  space: { learningRate: { from: 1e-3, to: 1e-1, scale: 'log' }, levels: { choices: [[3], [4], [5]] } },
};

/** A suite that says when its test rows are asked for. */
const row: SuiteEntry = {
  name: 'toy',
  description: 'for tests',
  needsDirectory: false,
  defaults: {
    seeds: [1, 2],
    epochs: 2,
    batchSize: 32,
    learningRate: 0.01,
    patience: 2,
    size: { levels: [4], experts: 4, tower: [3], embedding: 2 },
  },
  open: async () => ({
    tasks: generator.schema.tasks,
    config: { set: 'toy' },
    trial: (seed) => ({
      train: generator.sample(64, 10 * seed),
      validation: generator.sample(40, 10 * seed + 1),
      test: () => (opened(seed), generator.sample(40, 10 * seed + 2)),
    }),
  }),
};

// A declaration extends a suite by its name, so the table has to know it.
beforeAll(() => void (suites as SuiteEntry[]).push(row));
afterAll(() => void (suites as SuiteEntry[]).pop());

let out: string;
beforeEach(async () => {
  vi.clearAllMocks();
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  return () => rm(out, { recursive: true, force: true });
});

/** The random configurations of a search. */
const drawnFrom = ({ space, trials }: SearchDeclaration) =>
  Array.from({ length: trials! }, (_, i) => drawFrom({ ...space } as SearchSpace, counterRandom(0, i)));

/** The lines of the scores that searches have stored. */
const storedScores = async () =>
  (await readFile(path.join(out, 'results.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .filter((line) => line.includes('"measures"'));

const run = (search: SearchDeclaration, listener: RunListener = {}, seeds?: number[], models?: string[]) =>
  runSuite({
    suite: { name: 'searched', extends: 'toy', models: ['single-task', 'adatt'], search },
    engine: 'cpu',
    out,
    listener,
    seeds,
    models,
  });

test('each model tries the same configurations; the test rows are opened after that, once a trial', async () => {
  const order: string[] = [];
  opened.mockImplementation(() => order.push('test'));
  const {
    trials,
    failures,
    summaries: [summary],
  } = await run(searchable, {
    onCandidate: ({ model }) => order.push(model),
    onChoice: ({ model }) => order.push(`${model} chosen`),
  });
  const three = (model: string) => [model, model, model, `${model} chosen`];
  expect(order).toEqual([...three('single-task'), ...three('adatt'), 'test', 'test', 'test', 'test']);
  expect(failures).toEqual([]);

  const candidates = drawnFrom(searchable);
  for (const { model, config } of trials) {
    const { chosen, size } = config.model;
    expect(candidates).toContainEqual(chosen);
    if (model === 'adatt')
      expect(config.model.network).toMatchObject({
        config: { levels: [{ experts: { config: { units: chosen!['levels'] } } }] },
      });
    expect(size?.levels ?? [4]).toEqual(chosen!['levels']);
  }
  expect(new Set(trials.map(({ model, config }) => model + JSON.stringify(config.model.chosen))).size).toBe(2); // one a model, whatever the seed
  expect(summary.models.map(({ chosen }) => chosen)).toEqual([
    trials[0]!.config.model.chosen,
    trials[1]!.config.model.chosen,
  ]);
  expect(await readFile(path.join(out, 'report.md'), 'utf8')).toMatch(/### Chosen[^]*\| single-task\.learningRate/);
});

test('what was tried is not tried again, by later seeds either; another search is', { tags: ['long'] }, async () => {
  await run({ ...searchable, method: 'halving(eta=2)' }, {}, [1]);
  const lines = (await storedScores()).map((line) => JSON.parse(line) as { model: string; epochs: number });
  expect(lines.map(({ model, epochs }) => `${model} ${epochs}`)).toEqual(
    ['single-task', 'adatt'].flatMap((model) => [1, 1, 1, 2].map((epochs) => `${model} ${epochs}`)),
  );
  opened.mockClear();
  const { trials } = await run({ ...searchable, method: 'halving(eta=2)' }, {}, [1, 2]);
  expect(trials).toHaveLength(4);
  expect(opened.mock.calls.flat()).toEqual([2, 2]);
  expect(await storedScores()).toHaveLength(lines.length);

  await run({ ...searchable, method: 'halving(eta=2)', seed: 5 }, {}, [1]);
  expect((await storedScores()).length).toBeGreaterThan(lines.length);
});

test(
  'all that was tried stands in the summary, and again when it is read from the file, whichever models are run',
  { tags: ['long'] },
  async () => {
    const {
      summaries: [first],
    } = await run(searchable, {}, [1]);
    const candidates = drawnFrom(searchable);
    expect(first.sensitivity.map(({ model }) => model)).toEqual(['single-task', 'adatt']);
    for (const { model, tried } of first.sensitivity) {
      expect(tried.map(({ values }) => values)).toEqual(candidates);
      const best = tried.reduce((a, b) => (b.score > a.score ? b : a));
      expect(best.values).toEqual(first.models.find((each) => each.model === model)!.chosen);
    }
    const lines = await storedScores();
    const report = await readFile(path.join(out, 'report.md'), 'utf8');
    for (const models of [undefined, ['adatt']]) {
      const {
        summaries: [again],
      } = await run(searchable, {}, [1], models);
      expect(again.sensitivity).toEqual(first.sensitivity);
      expect(await readFile(path.join(out, 'report.md'), 'utf8')).toBe(report);
    }
    expect(await storedScores()).toEqual(lines);
    expect(report).toContain('## Under other configurations');
  },
);

test('the start of embeddings can be searched, and is written where it was', { tags: ['long'] }, async () => {
  const { trials } = await run({ ...searchable, trials: 1, space: { start: { choices: ['pytorch'] } } }, {}, [1]);
  for (const { config } of trials) {
    expect(config.model.size).toEqual({ ...row.defaults.size, start: 'pytorch' });
    expect(config.model.input).toMatchObject({ config: { start: 'pytorch' } });
    expect(config.size).not.toHaveProperty('start');
  }
});

test('a model none of whose configurations can be built fails alone', async () => {
  const {
    failures,
    summaries: [summary],
  } = await run({ method: 'random', trials: 2, space: { ...searchable.space, experts: { choices: [1] } } });
  expect(failures).toMatchObject([
    {
      model: 'adatt',
      seed: 1,
      error: {
        message: expect.stringContaining(
          'None of 2 configurations came through the search. The last failed with: Expected at least',
        ) as string,
      },
    },
  ]);
  expect(summary.models.map(({ model }) => model)).toEqual(['single-task']);
  expect(summary.warnings.filter(({ about }) => about.model === 'adatt')).toMatchObject([{ kind: 'failed' }]);
  expect(summary.warnings.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
});

test(
  'the plain sum with tuned weights: the best of those that are tried, under what the plain sum has, and told in the report',
  { tags: ['long'] },
  async () => {
    const tuned = async (search: SearchDeclaration | undefined) => {
      const scores = new Map<string, number>();
      const listener: RunListener = {
        onCandidate: ({ model, values, score }) =>
          void (model.includes('tuned') && scores.set(JSON.stringify(values), score)),
      };
      const suite = {
        name: 'balanced',
        extends: 'toy',
        models: ['shared-bottom'],
        balancers: ['tuned-weights'],
        ...(search && { search }),
      };
      const {
        trials,
        summaries: [summary],
      } = await runSuite({ suite, engine: 'cpu', out, listener, seeds: [1, 2] });
      return { trials, summary, scores };
    };
    const weights = weightsToTry(['click', 'like']);
    const { trials, scores, summary } = await tuned(undefined);
    expect(trials.map(({ model }) => model)).toEqual([
      'shared-bottom',
      'shared-bottom + tuned-weights',
      'shared-bottom',
      'shared-bottom + tuned-weights',
    ]);
    expect([...scores.keys()]).toEqual(weights.map((taskWeights) => JSON.stringify({ taskWeights })));
    const { chosen, balancing } = trials[1]!.config.model;
    expect(scores.get(JSON.stringify(chosen))).toBe(Math.max(...scores.values()));
    expect(balancing).toEqual(staticWeights(chosen!['taskWeights'] as Record<string, number>));
    expect(trials[3]!.config.model).toEqual(trials[1]!.config.model);
    expect(summary.sensitivity).toEqual([]);
    const report = await readFile(path.join(out, 'report.md'), 'utf8');
    expect(report).toContain('Tuned weights of the plain sum: the best on the validation rows');
    expect(report).toMatch(/### Chosen[^]*\| shared-bottom \+ tuned-weights\.taskWeights/);

    const searched = await tuned(searchable);
    const plain = searched.trials.find(({ model }) => model === 'shared-bottom')!.config.model.chosen;
    expect([...searched.scores.keys()]).toEqual(
      weights.map((taskWeights) => JSON.stringify({ ...plain, taskWeights })),
    );
    expect(searched.trials[1]!.config.model.size).toEqual(searched.trials[0]!.config.model.size);
    const lines = await storedScores();
    await tuned(searchable);
    expect(await storedScores()).toEqual(lines);
  },
);

test('what another run has tried and trained is copied, under the names of this one', { tags: ['long'] }, async () => {
  const whole = await run(searchable);
  const other = path.join(out, 'other');
  const started = vi.fn();
  opened.mockClear();
  const suite = {
    name: 'part',
    extends: 'toy',
    models: [{ model: 'adatt', as: 'mine' }, 'mmoe'],
    baseline: 'mine',
    search: searchable,
  };
  const own = await runSuite({
    suite,
    engine: 'cpu',
    out: other,
    reuse: [out],
    listener: { onTrialStart: ({ model }) => started(model) },
  });
  expect(started.mock.calls.flat()).toEqual(['mmoe', 'mmoe']);
  const adatt = whole.trials.filter(({ model }) => model === 'adatt');
  const mine = own.trials.filter(({ model }) => model === 'mine');
  expect(
    mine.map(({ suite: name, seed, metrics, seconds, config }) => [name, seed, metrics, seconds, config.model]),
  ).toEqual(adatt.map(({ seed, metrics, seconds, config }) => ['part', seed, metrics, seconds, config.model]));
  expect(own.summaries[0].sensitivity[0]!.tried).toEqual(whole.summaries[0].sensitivity[1]!.tried);

  opened.mockClear();
  const again = await runSuite({ suite, engine: 'cpu', out: other }); // all of it is there now
  expect(opened).not.toHaveBeenCalled();
  expect(again.trials).toHaveLength(4);
});

test.each([
  [{}, 'Expected a directory to write to, where trials of others are reused, received none.'],
  [{ out: 'OUT', force: true }, 'Expected force or reuse, received both.'],
  [{ out: 'OUT' }, 'Expected finished trials in'],
])('reuse with %j is refused', async (options: { out?: string; force?: boolean }, message) => {
  const empty = path.join(out, 'empty');
  await expect(
    runSuite({ suite: row, engine: 'cpu', reuse: [empty], ...options, ...(options.out && { out }) }),
  ).rejects.toThrow(message);
});
