import { expect, test } from 'vitest';
import { strideOf } from '../../../../cases.base.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { comparisonSentences } from '../report/comparison-sentences.ts';
import { renderText } from '../report/terminal.ts';
import { ANSWER_CLAIMS } from '../testing/answer-claims.ts';
import { listOf, type Seen } from '../testing/claim.ts';
import { randomTable } from '../testing/random-tables.ts';
import { TABLE_CLAIMS } from '../testing/table-claims.ts';
import { tableFacts } from '../testing/table-facts.ts';
import { trialOf } from '../testing/trial-of.ts';
import { standingsOf } from './standings.ts';
import { summarize } from './summarize.ts';

const CLAIMS = [...ANSWER_CLAIMS, ...TABLE_CLAIMS];

test('each sentence on 150 random tables is what the trials show, and no two disagree', () => {
  const kinds = new Set<string>();
  for (let number = 1; number < 150; number += strideOf(1, 2)) {
    const table = randomTable(number);
    const facts = tableFacts(table);
    const summary = summarize(table.trials);
    const said: string[] = [];
    const say: Seen['say'] = (model, relation, than, task) =>
      void said.push(`${model} is ${relation} than ${than} on ${task}`);
    try {
      for (const { kind, about, message } of summary.findings)
        for (const sentence of message.split(/(?<=\.) /)) {
          const claim = CLAIMS.find((each) => each.kind === kind && each.pattern.test(sentence));
          expect([sentence, claim === undefined]).toEqual([sentence, false]);
          kinds.add(kind);
          const words = { ...claim!.pattern.exec(sentence)!.groups };
          const on = words['tasks'] === undefined ? [] : listOf(words['tasks']);
          claim!.check({ ...facts, model: about.model ?? '', words, on, say });
        }
      for (const each of said.filter((text) => text.includes('is better'))) {
        expect(said).not.toContain(each.replace('is better', 'is not better'));
        expect(said).not.toContain(each.replace(/^(\S+) is better than (\S+)/, '$2 is better than $1'));
      }
      const document = renderText(comparisonDocument({ summaries: [summary], trials: table.trials }));
      if (facts.seeds < 5)
        expect(document).not.toMatch(/[▲▼]|is better than (?!a constant)|significant|is worse than|would not separate/);
      else expect(document).not.toMatch(/Undecided|For now/);
    } catch (error) {
      const messages = summary.findings.map(({ kind, message }) => `${kind}: ${message}`);
      throw new Error(`table ${number}: ${JSON.stringify(messages, null, 1)}`, { cause: error });
    }
  }
  expect([...kinds].sort()).toEqual([...new Set(CLAIMS.map(({ kind }) => kind))].sort());
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
  const [take] = summary.findings;
  expect(take).toMatchObject({
    ...{ kind: 'model-to-take', about: { model: 'gradient-boosting' }, evidence: { decided: false } },
  });
});

test('with one seed, the smallest model within what another sample of test rows could change', () => {
  const of = (model: string, auc: number, parameters: number) =>
    trialOf({
      ...{ model, parameters, metrics: { click: { auc } } },
      rowIntervals: { click: { auc: { low: auc - 0.01, high: auc + 0.01 } } },
    });
  const trials = [of('single-task', 0.8, 9000), of('shared-bottom', 0.795, 3000), of('logistic-regression', 0.7, 40)];
  const summary = summarize(trials);
  expect(summary.findings[0]).toMatchObject({
    about: { model: 'shared-bottom' },
    evidence: { first: 'single-task', decided: false },
  });
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
  const { answer, tasks } = comparisonSentences(summarize(trials));
  expect(answer[0]).toContain('But adatt is worse than single-task on click in NE.');
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
    return summarize(trials).findings[0];
  };
  const two = { 'single-task': 0.8, adatt: 0.82 };
  expect(taken(two)).toMatchObject({ about: { model: 'adatt' }, evidence: { alike: [], decided: true } });
  expect(taken({ ...two, ple: 0.7 })).toMatchObject({
    about: { model: 'adatt' },
    evidence: { alike: [], decided: true },
  });
});

test('a page shows the first model as soon as it has a trial', () => {
  const trials = [trialOf({ model: 'single-task', metrics: { click: { auc: 0.8 } } })];
  expect(standingsOf(summarize(trials), trials)).toMatchObject([{ summary: { model: 'single-task' }, rank: 1 }]);
});
