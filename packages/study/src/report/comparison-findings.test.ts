import { mean } from '@polytask/components';
import { randomStream } from '@polytask/core';
import { holm, pairedDifference } from '@polytask/metrics';
import { expect, test } from 'vitest';
import { strideOf } from '../../../../cases.base.ts';
import { comparisonDocument } from './comparison-document.ts';
import { standingsOf } from './leaderboard.ts';
import { renderText } from './terminal.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { type ComparisonFinding, comparisonFindings } from './comparison-findings.ts';
import { comparisonSentences } from './comparison-sentences.ts';

const MODELS = ['single-task', 'mmoe', 'adatt', 'gradient-boosting'];
const TASKS = ['click', 'buy'];

/** A random table: levels that may be equal, noise of three sizes, sizes that may be unknown, and sometimes a score that isn't defined. */
function tableOf(number: number) {
  const draws = randomStream(number, 'table').uniform(400);
  let at = 0;
  const draw = (count: number) => Math.floor(draws[at++ % 400]! * count);
  const seeds = 1 + draw(8);
  const tasks = TASKS.slice(0, 1 + draw(2));
  const spread = [0, 1e-4, 1e-3, 0.02][draw(4)]!;
  const without = draw(6) === 0 ? 'single-task' : undefined;
  const trials = MODELS.slice(0, 3 + draw(2))
    .filter((model) => model !== without)
    .flatMap((model) => {
      const [level, parameters] = [0.7 + 0.005 * draw(3), [0, 1000, 1010, 3000][draw(4)]!];
      return Array.from({ length: seeds }, (_, i): TrialResult => {
        const auc = () => (draw(300) === 0 ? NaN : level + spread * draws[at++ % 400]!);
        return trialOf({
          ...{ model, seed: i + 1, parameters },
          metrics: Object.fromEntries(tasks.map((task) => [task, { auc: auc() }])),
        });
      });
    });
  return { trials, tasks, seeds, parameters: new Map(trials.map(({ model, parameters }) => [model, parameters])) };
}

/** What a table says, without the code under test. */
function factsOf({ trials, tasks, seeds }: ReturnType<typeof tableOf>) {
  const models = [...new Set(trials.map(({ model }) => model))];
  const value = (model: string, task: string, seed: number) =>
    trials.find((trial) => trial.model === model && trial.seed === seed)!.metrics[task]!['auc']!;
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  const defined = tasks.filter((task) => trials.every(({ metrics }) => Number.isFinite(metrics[task]!['auc'])));
  /** Each seed's mean relative improvement in percent. */
  const gains = (model: string, over: string) =>
    all.map((seed) => mean(defined.map((task) => value(model, task, seed) / value(over, task, seed) - 1)));
  const testsOf = (samples: readonly (readonly number[])[], of: readonly string[]) => {
    const tests = samples.map((values) =>
      pairedDifference(
        values,
        values.map(() => 0),
      ),
    );
    const adjusted = holm(tests.map(({ pValue }) => pValue));
    return new Map(
      of.map((name, i) => {
        const { low, high } = tests[i]!;
        const sure = seeds >= 5 && adjusted[i]! <= 0.05;
        return [name, sure && low > 0 ? 'better' : sure && high < 0 ? 'worse' : 'even'];
      }),
    );
  };
  const gainsOver = (base: string) => {
    const others = models.filter((model) => model !== base);
    return testsOf(
      others.map((model) => gains(model, base)),
      others,
    );
  };
  const others = models.filter((model) => model !== 'single-task');
  const differences = (model: string, task: string) =>
    all.map((seed) => value(model, task, seed) - value('single-task', task, seed));
  const cells = others.flatMap((model) => tasks.map((task) => ({ model, task })));
  const onTasks = () =>
    testsOf(
      cells.map(({ model, task }) => differences(model, task)),
      cells.map(({ model, task }) => `${model} ${task}`),
    );
  return {
    models,
    others,
    defined,
    gains,
    gainsOver,
    differences,
    onTasks,
    testsOf,
    scores: (model: string, task: string) => all.map((seed) => value(model, task, seed)),
    hasBaseline: others.length < models.length,
  };
}

/** What is wrong with a finding, if anything. */
function judge(found: ComparisonFinding, table: ReturnType<typeof tableOf>, facts: ReturnType<typeof factsOf>): void {
  const { kind, evidence } = found;
  if (kind === 'take') {
    expect(evidence.decided).toBe(table.seeds >= 5);
    const size = (model: string) => table.parameters.get(model)! || Infinity;
    if (facts.hasBaseline) {
      const gain = (model: string) => mean(facts.gains(model, 'single-task'));
      expect(gain(evidence.first)).toBe(Math.max(...facts.models.map(gain)));
      const overFirst = facts.gainsOver(evidence.first);
      const overBaseline = facts.gainsOver('single-task');
      const isBeaten = (model: string) =>
        (evidence.first === 'single-task' || model === 'single-task' ? false : overBaseline.get(model) === 'worse') ||
        (model === 'single-task' ? overBaseline.get(evidence.first) === 'better' : overFirst.get(model) === 'worse');
      const open = facts.models.filter((model) => !isBeaten(model));
      expect([evidence.model, ...evidence.alike].sort()).toEqual(open.sort());
      expect(evidence.worse.map(({ model }) => model).sort()).toEqual(facts.models.filter(isBeaten).sort());
      if (evidence.gain !== undefined) expect(overBaseline.get(evidence.model)).toBe('better');
    }
    if (evidence.model !== evidence.first && evidence.alike.includes(evidence.first))
      expect(size(evidence.model)).toBeLessThan(size(evidence.first));
    if (evidence.smallest) for (const other of evidence.alike) expect(size(evidence.model)).toBeLessThan(size(other));
  } else if (kind === 'better' || kind === 'worse') {
    expect(facts.onTasks().get(`${evidence.model} ${evidence.task}`)).toBe(kind);
    if (kind === 'better') {
      const size = (model: string) => mean(facts.differences(model, evidence.task));
      expect(evidence.by).toBeCloseTo(size(evidence.model), 12);
      for (const other of facts.others)
        if (facts.onTasks().get(`${other} ${evidence.task}`) === 'better')
          expect(size(other)).toBeLessThanOrEqual(evidence.by + 1e-12);
    }
  } else if (kind === 'even' || kind === 'all worse') {
    const verdicts = facts.others.map((model) => facts.onTasks().get(`${model} ${evidence.task}`));
    expect(verdicts).not.toContain('better');
    if (kind === 'all worse') expect(new Set(verdicts)).toEqual(new Set(['worse']));
    else expect(verdicts.includes('worse')).toBe(evidence.someWorse);
  } else if (kind === 'needed' || kind === 'equal') {
    expect(evidence.seeds).toBeGreaterThan(table.seeds);
    expect(evidence.seeds > 200).toBe(kind === 'equal');
    expect(evidence.models[0]).not.toBe(evidence.models[1]);
  } else if (kind === 'beside') {
    const { model, other: trees } = evidence;
    const columns = Object.entries(evidence.tasks).map(([task, each]) => ({ task, ...each }));
    expect([trees, model === trees]).toEqual(['gradient-boosting', false]);
    const scores = (of: string, task: string) => facts.scores(of, task);
    const shared = table.tasks.filter((task) =>
      [...scores(model, task), ...scores(trees, task)].every(Number.isFinite),
    );
    expect(columns.map(({ task }) => task)).toEqual(shared);
    const verdicts = facts.testsOf(
      columns.map(({ task }) => scores(model, task).map((score, i) => score - scores(trees, task)[i]!)),
      shared,
    );
    for (const { task, model: score, other, verdict } of columns) {
      expect([score, other]).toEqual([mean(scores(model, task)), mean(scores(trees, task))]);
      expect(verdict).toBe(table.seeds < 5 ? 'untested' : verdicts.get(task)!.replace('even', 'no difference'));
    }
  } else if (kind === 'unranked') {
    expect(facts.defined).toEqual([]);
  } else if (kind === 'no baseline') {
    expect(facts.hasBaseline).toBe(false);
  }
}

test('findings and sentences of 150 random tables are what the trials show', () => {
  const kinds = new Set<string>();
  for (let number = 0; number < 150; number += strideOf(1, 2)) {
    const table = tableOf(number);
    const summary = summarize(table.trials);
    const findings = comparisonFindings(summary, table.trials, standingsOf(summary, table.trials));
    const facts = factsOf(table);
    const { answer, limits, tasks } = comparisonSentences(findings, summary);
    try {
      for (const each of findings) {
        judge(each, table, facts);
        kinds.add(each.kind);
      }
      const all = [...answer, ...limits, ...tasks].join(' ');
      const taken = findings.flatMap((each) => (each.kind === 'take' ? [each.evidence.model] : []));
      for (const model of taken) expect(answer.slice(0, 2).join(' ')).toMatch(new RegExp(`\\b[Tt]ake ${model}: `));
      const document = renderText(comparisonDocument({ summaries: [summary], trials: table.trials }));
      if (table.seeds < 5) {
        expect(`${all} ${document}`).not.toMatch(
          /[▲▼]|is better than (?!a constant)|significant|is worse than|for equal|only more rows/,
        );
        if (taken.length > 0) expect(answer[0]).toMatch(/^Undecided: /);
      } else expect(all).not.toMatch(/Undecided|For now/);
      // no two sentences disagree
      for (const task of TASKS) {
        const none = tasks.some(
          (each) => each.includes('no model is better') && each.split(' no model')[0]!.includes(task),
        );
        const led = tasks.some(
          (each) => / is better than single-task by /.test(each) && each.split(', ')[0]!.includes(task),
        );
        expect(none && led).toBe(false);
      }
      if (/it is better than (every|the) other/.test(answer[0] ?? ''))
        expect(answer[0]).not.toContain('could be chance');
    } catch (error) {
      throw new Error(`table ${number}: ${JSON.stringify({ answer, limits, tasks }, null, 1)}`, { cause: error });
    }
  }
  expect([...kinds].sort()).toEqual(
    [
      'all worse',
      'better',
      'equal',
      'even',
      'needed',
      'no baseline',
      'take',
      'beside',
      'untested',
      'unranked',
      'winner',
      'worse',
      'limit',
    ].sort(),
  );
});

test('a small model that is visibly behind is not taken because few seeds prove nothing', () => {
  const trials = [
    ['single-task', [0.6, 0.75], 9000],
    ['shared-bottom', [0.6, 0.7], 3000],
    ['gradient-boosting', [0.9, 0.97], 20_000],
  ].flatMap(([model, values, parameters]) =>
    (values as number[]).map((auc, i) =>
      trialOf({
        ...{ model: model as string, seed: i + 1, parameters: parameters as number },
        metrics: { click: { auc }, same: { auc: 0.7 } },
      }),
    ),
  );
  const summary = summarize(trials);
  const [take] = comparisonFindings(summary, trials, standingsOf(summary, trials));
  expect(take).toMatchObject({ kind: 'take', evidence: { model: 'gradient-boosting', decided: false } });
});

test('with one seed, the smallest model within what another sample of test rows could change', () => {
  const of = (model: string, auc: number, parameters: number) =>
    trialOf({
      ...{ model, parameters, metrics: { click: { auc } } },
      rowIntervals: { click: { auc: { low: auc - 0.01, high: auc + 0.01 } } },
    });
  const trials = [of('single-task', 0.8, 9000), of('shared-bottom', 0.795, 3000), of('logistic-regression', 0.7, 40)];
  const summary = summarize(trials);
  const findings = comparisonFindings(summary, trials, standingsOf(summary, trials));
  expect(findings[0]).toMatchObject({ evidence: { model: 'shared-bottom', first: 'single-task', decided: false } });
});

test('the answer names the further metrics in which the model to take is worse', () => {
  const trials = ['single-task', 'adatt'].flatMap((model, m) =>
    [1, 2, 3, 4, 5].map((seed) =>
      trialOf({
        ...{ model, seed, parameters: 900 - 500 * m },
        metrics: {
          click: { auc: 0.8 + 1e-4 * (((seed * 7 + m * 3) % 5) - 2), ne: 0.9 + 0.01 * m + 1e-4 * (seed % 3) },
        },
      }),
    ),
  );
  const summary = summarize(trials);
  const findings = comparisonFindings(summary, trials, standingsOf(summary, trials));
  const { answer, tasks } = comparisonSentences(findings, summary);
  expect(answer).toContain('But adatt is worse than single-task on click in NE.');
  expect(tasks).toContain('On click, every difference from single-task in AUC could be chance.');
});

test('a further model changes nothing for two others', () => {
  const trialsOf = (models: Record<string, number>) =>
    Object.entries(models).flatMap(([model, auc], m) =>
      [1, 2, 3, 4, 5].map((seed) =>
        trialOf({ model, seed, metrics: { click: { auc: auc + 1e-4 * (((seed * 7 + m * 3) % 5) - 2) } } }),
      ),
    );
  const taken = (models: Record<string, number>) => {
    const trials = trialsOf(models);
    const summary = summarize(trials);
    return comparisonFindings(summary, trials, standingsOf(summary, trials))[0];
  };
  const two = { 'single-task': 0.8, adatt: 0.82 };
  expect(taken(two)).toMatchObject({ evidence: { model: 'adatt', alike: [], decided: true } });
  expect(taken({ ...two, ple: 0.7 })).toMatchObject({ evidence: { model: 'adatt', alike: [], decided: true } });
});

test('a page shows the first model as soon as it has a trial', () => {
  const trials = [trialOf({ model: 'single-task', metrics: { click: { auc: 0.8 } } })];
  expect(standingsOf(summarize(trials), trials)).toMatchObject([{ summary: { model: 'single-task' }, rank: 1 }]);
});
