import { mapValues } from '@polytask/components';
import { binary, denseSchema, multiclass, regression } from '@polytask/core';
import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { renderMarkdown } from './markdown.ts';
import { searchSentences, trainingAnswer, type TrainingReport } from './training-answer.ts';
import { modelCard, trainingDocument } from './training-document.ts';

const tasks = {
  cost: regression({ log: true }),
  damage: multiclass({ classes: ['none', 'some'] }),
  hours: regression(),
};

/** The numbers of a model of bird strikes. */
const report: TrainingReport = {
  name: 'birds',
  tasks,
  trials: [
    trialOf({
      model: 'adatt',
      metrics: { cost: { rmsle: 1.4, rmse: 31614.5 }, damage: { accuracy: 0.898 }, hours: { rmse: 2 } },
      normalizedLosses: { cost: 0.98, damage: 0.87, hours: 0.5 },
      constants: { cost: { rmsle: 1.43, rmse: 31512.7 }, damage: { accuracy: 0.9 }, hours: { rmse: 4 } },
      rowIntervals: { hours: { rmse: { low: 1.5, high: 2.5 } } },
    }),
  ],
  tested: [],
  notes: [],
};

test('each score of the answer stands beside that of a constant', () => {
  expect(trainingAnswer(report)).toEqual([
    'On the test rows, adatt has RMSLE 1.4000 on cost (a constant prediction has 1.4300), ' +
      'accuracy 0.8980 on damage (no better than a constant prediction, which has 0.9000) and ' +
      'RMSE 2.0000 (1.5000–2.5000) on hours (a constant prediction has 4.0000).',
  ]);
});

test('where the test rows are too few to tell a ranking from chance, the answer says how many would do', () => {
  const said = (low: number, task = 'click', metric = 'auc', value = 0.6, width = 0.4) => {
    const scored = {
      metrics: { [task]: { [metric]: value } },
      rowIntervals: { [task]: { [metric]: { low, high: low + width } } },
    };
    const trial = trialOf({ model: 'adatt', ...scored, constants: { [task]: { [metric]: 0.5 } } });
    const config = { ...trial.config, data: { ...trial.config.data, rows: { train: 800, test: 100 } } };
    return trainingAnswer({ ...report, tasks: { [task]: binary() }, trials: [{ ...trial, config }] }).slice(1);
  };
  // ± .2 of 100 rows is ± .1 of 400
  expect(said(0.4)).toEqual([
    '100 test rows are too few to tell the AUC of adatt on click from 0.5: a lead of this size takes about 400.',
  ]);
  expect(said(0.51)).toEqual([]);
  expect(said(0.28, 'click', 'auc', 0.48)).toEqual([
    '100 test rows are too few to tell the AUC of adatt on click from 0.5: a lead of 0.1 takes about 400.',
  ]);
  expect(said(0.39, 'click', 'auc', 0.48, 0.18)).toEqual([]); // a lead of .1 would show
  expect(said(0.01, 'click', 'auc', 0.21)).toEqual([]); // it ranks the wrong way, which is no question of rows
  expect(said(0.4, 'kind', 'accuracy')).toEqual([]); // the constant's accuracy depends on the rows, too
});

test('the answer has the scores of gradient boosting, and which one to use for which task', () => {
  const difference = { metric: 'rmse', difference: 0, low: -0.01, high: 0.01, method: 'bootstrap' } as const;
  const boosting = {
    ...{ model: 'adatt', other: 'gradient-boosting', rows: 900 },
    tasks: {
      cost: { ...difference, metric: 'rmsle', model: 1.4, other: 1.3, verdict: 'worse' },
      damage: { ...difference, metric: 'accuracy', model: 0.89, other: 0.87, verdict: 'better' },
      hours: { ...difference, model: 2, other: 2.01, verdict: 'no difference' },
    },
  } as const;
  expect(trainingAnswer({ ...report, boosting }).slice(1)).toEqual([
    'gradient-boosting alone has RMSLE 1.3000 on cost, accuracy 0.8700 on damage and RMSE 2.0100 on hours. ' +
      'Use gradient-boosting for cost: there it is significantly better. ' +
      'adatt is significantly better than gradient-boosting on damage. On hours, the difference could be chance.',
  ]);
  const even = mapValues(boosting.tasks, (task) => ({ ...task, verdict: 'no difference' as const }));
  expect(trainingAnswer({ ...report, boosting: { ...boosting, tasks: even } })[1]).toMatch(
    / on hours\. On each task, the difference could be chance\.$/,
  );
});

test('a teacher has its own scores beside those of its student', () => {
  const [trial] = report.trials;
  const { training } = trial.config;
  const taught = { ...trial, config: { ...trial.config, training: { ...training, teacher: 0.5 } } };
  const teacher = {
    ...{ model: 'adatt', other: 'large-model', rows: 900 },
    tasks: {
      hours: {
        ...{ metric: 'rmse', model: 2, other: 1, difference: 1, low: 0.5, high: 1.5 },
        method: 'bootstrap' as const,
        verdict: 'worse' as const,
      },
    },
  };
  expect(trainingAnswer({ ...report, trials: [taught], teacher }).slice(1)).toEqual([
    'adatt was distilled from large-model, with a share of 0.5 in the training labels.',
    'large-model alone has RMSE 1.0000 on hours. Use large-model for hours: there it is significantly better.',
  ]);
  expect(renderMarkdown(trainingDocument({ ...report, trials: [taught], teacher }, denseSchema(3, tasks)))).toContain(
    '## Against its teacher',
  );
  expect(trainingAnswer({ ...report, trials: [taught] })[1]).toMatch(
    /^adatt was distilled from gradient-boosting, with/,
  );
  const trees = { ...taught, parts: { model: 'trees', network: 'gradient-boosting' } };
  expect(trainingAnswer({ ...report, trials: [trees] })).toHaveLength(1); // trees have no teacher
});

test('the model card has the error in the log and in the unit, the normalized loss, and a constant', () => {
  const card = renderMarkdown(modelCard(report, { schema: denseSchema(3, tasks), folder: 'birds-model' }));
  expect(card).toContain(
    '| model | cost RMSLE ↓ | cost RMSE ↓ | cost normalized loss ↓ | damage accuracy ↑ | damage normalized loss ↓ | hours RMSE ↓ |',
  );
  expect(card).toContain('| adatt | 1.4000 | 31615 | 0.9800 | 0.8980 | 0.8700 | 2.0000 (1.5000–2.5000) |'); // no cents
  expect(card).toContain('| constant prediction | 1.4300 | 31513 | 1.0000 | 0.9000 | 1.0000 | 4.0000 |');
  expect(card).toContain('polytask predict birds-model rows.csv --out predictions.csv');
});

test('the model card says how its own model was trained, not another finalist', () => {
  const [adatt] = report.trials;
  const cardOf = (...trials: TrainingReport['trials']) =>
    renderMarkdown(
      modelCard(
        { ...report, trials, search: { tried: [], seconds: 60, minutes: 2 } },
        { schema: denseSchema(3, tasks), folder: 'birds-model' },
      ),
    );
  const network = { kind: 'network', name: 'gradient-boosting', config: {} };
  const trees = { ...adatt, model: 'gradient-boosting', config: { ...adatt.config, model: { network, rate: 1 } } };
  const ofTrees = cardOf(trees, adatt);
  expect(ofTrees).toContain('Gradient boosting: gradient-boosting, for each task by itself.');
  expect(ofTrees).not.toMatch(/Training: adam|learning rate|experts per level/);
  const chosen = { learningRate: 0.004, experts: 5 };
  const model = { ...adatt.config.model, chosen, size: { ...adatt.config.size, experts: 5 } };
  const ofNetwork = cardOf({ ...adatt, config: { ...adatt.config, model } }, trees);
  expect(ofNetwork).toContain('Training: adam, learning rate 0.004, batches of 64');
  expect(ofNetwork).toContain('5 experts per level if a model has a choice');
  expect(ofNetwork).toContain('Chosen hyper-parameters: learningRate 0.004, experts 5.');
  expect(ofNetwork).not.toMatch(/Gradient boosting:|replace these/);
  expect(cardOf({ ...adatt, model: 'ensemble' })).toContain('Values that the search chose for a model replace these.');
});

test('after a search the answer begins with the choice: which models each task is the mean of', () => {
  const average = {
    ...{ score: 0.76, single: 0.75, standardError: 0.005, isChosen: true },
    members: [
      { model: 'gradient-boosting', values: {}, weights: { cost: 1, damage: 0, hours: 1 } },
      { model: 'adatt', values: {}, weights: { cost: 3, damage: 1, hours: 3 } },
    ],
  };
  const search = { tried: [], seconds: 60, minutes: 2, average };
  expect(trainingAnswer({ ...report, search })[0]).toBe(
    'Chosen: a mean of 2 models, task by task: cost and hours of 25% gradient-boosting and 75% adatt; damage of adatt.',
  );
  expect(trainingAnswer({ ...report, search: { ...search, average: undefined } })[0]).toBe('Chosen: adatt.');
  const sentence = (changed: Partial<typeof average>) =>
    searchSentences({ ...report, search: { ...search, average: { ...average, ...changed } } })[3];
  expect(sentence({})).toBe(
    'There the mean of 2 models has AUC 0.7600, the best single model 0.7500: better by more than the standard error of the difference, 0.0050.',
  );
  const within = { score: 0.8985, single: 0.8983, standardError: 0.0006, isChosen: false };
  expect(trainingAnswer({ ...report, search: { ...search, average: { ...average, ...within } } })[0]).toBe(
    'Chosen: adatt.',
  );
  expect(sentence(within)).toBe(
    'There the mean of 2 models has AUC 0.8985, the best single model 0.8983: the mean is not better by more than the standard error ' +
      'of the difference, 0.0006, so the single model was chosen.',
  );
  expect(sentence({ ...within, score: 0.7 })).toMatch(/: the mean is worse, so the single model was chosen\.$/);
  expect(sentence({ ...within, standardError: NaN })).toMatch(/the rows are too few to tell, so the single model was/);
});
