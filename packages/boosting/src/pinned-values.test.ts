import { readFileSync } from 'node:fs';
import { mapValues } from '@polytask/components';
import { auc, multiclassLogLoss, rmse } from '@polytask/metrics';
import { describe, expect, test } from 'vitest';
import { boost, type TrainingOptions } from './index.ts';
import { censusSample, madeTable, rowsOf } from './testing/tables.ts';

/** The scores of scikit-learn and XGBoost, and the gains of the first tree; fixtures/make_values.py writes them. */
const values = JSON.parse(readFileSync(new URL('../fixtures/values.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<'auc' | 'rmse' | 'logLoss' | 'deviance' | 'loss', number> & {
    gains?: number[];
    predictions: number[];
    first: number[];
  }
>;
/** Categories as scikit-learn splits them. */
const AS_THERE: Partial<TrainingOptions> = {
  numIterations: 50,
  maxCatToOnehot: 0,
  catL2: 0,
  maxCatThreshold: 255,
  minDataPerGroup: 1,
};

/** Texts as their places in the sorted list of texts. */
const withCodes = (columns: ReturnType<typeof censusSample>['columns']): typeof columns =>
  mapValues(columns, (values) => {
    const texts = [...new Set(values)].filter((value) => typeof value === 'string').sort();
    return values.map((value) => (typeof value === 'string' ? texts.indexOf(value) : value));
  });

describe.each(['income', 'never_married'] as const)('%s of the census sample', (task) => {
  const { columns, labels } = censusSample();
  test.each([
    ['categories', columns],
    ['codes', withCodes(columns)],
  ])('of %s has the AUC (and for income the gains of the first tree) of scikit-learn', (form, features) => {
    const rows = { columns: rowsOf(features, 0, 3000), labels: labels[task].slice(0, 3000) };
    const model = boost({ objective: 'binary', ...rows, ...AS_THERE });
    const { auc: theirs, gains } = values[`census ${task}, ${form}`]!;
    const ours = auc(labels[task].slice(3000), model.predict(rowsOf(features, 3000, 4500)));
    expect(Math.abs(ours - theirs)).toBeLessThan(0.001);
    const first = model.toJSON().trees[0]!.gain.toSorted((a, b) => b - a);
    gains?.forEach((gain, i) => expect(first[i]! / gain).toBeCloseTo(1, 6));
  });
});

describe('a made table with missing values', () => {
  const [train, test_] = [madeTable(1, 2000), madeTable(2, 1000)];
  const fitted = (objective: TrainingOptions['objective'], labelOf: (number: number) => number, options = {}) => {
    const model = boost({
      objective,
      columns: train.columns,
      labels: train.number.map(labelOf),
      ...AS_THERE,
      ...options,
    });
    return { predictions: model.predict(test_.columns), labels: test_.number.map(labelOf) };
  };

  test('regression has the RMSE of scikit-learn', () => {
    const { predictions, labels } = fitted('regression', (number) => number);
    expect(Math.abs(rmse(labels, predictions) / values['regression']!.rmse - 1)).toBeLessThan(0.01);
  });

  test('binary has the AUC of scikit-learn', () => {
    const { predictions, labels } = fitted('binary', (number) => Number(number > 14));
    expect(Math.abs(auc(labels, predictions) - values['binary']!.auc)).toBeLessThan(0.001);
  });

  test('multiclass has the log loss of scikit-learn', () => {
    const { predictions, labels } = fitted('multiclass', (number) => Number(number > 11) + Number(number > 17));
    expect(Math.abs(multiclassLogLoss(labels, predictions) / values['multiclass']!.logLoss - 1)).toBeLessThan(0.01);
  });

  test('poisson has the deviance of XGBoost', () => {
    const options = { minDataInLeaf: 1, minSumHessianInLeaf: 20 }; // min_child_weight
    const { predictions, labels } = fitted('poisson', (number) => Math.max(Math.floor(number / 4), 0), options);
    const deviances = labels.map(
      (y, row) => 2 * ((y > 0 ? y * Math.log(y / predictions[row]!) : 0) - y + predictions[row]!),
    );
    const ours = deviances.reduce((sum, each) => sum + each) / labels.length;
    expect(Math.abs(ours / values['poisson']!.deviance - 1)).toBeLessThan(0.01);
  });

  const pinball = (level: number) => (y: number, z: number) => Math.max(level * (y - z), (level - 1) * (y - z));
  const gammaDeviance = (y: number, mean: number) => 2 * (Math.log(mean / y) + y / mean - 1);
  const tweedieDeviance = (y: number, mean: number, p = 1.3) =>
    2 * (y ** (2 - p) / ((1 - p) * (2 - p)) - (y * mean ** (1 - p)) / (1 - p) + mean ** (2 - p) / (2 - p));
  const [above, amount] = [(y: number) => Math.max(y, 0.1), (y: number) => Math.max(y - 8, 0)];
  const itself = (y: number) => y;
  /** min_child_weight */
  const likeXgboost = { minDataInLeaf: 1, minSumHessianInLeaf: 20 };

  test.each<[string, Parameters<typeof fitted>, (y: number, prediction: number) => number, number]>([
    ['mae', ['mae', above], (y, z) => Math.abs(y - z), 0.01],
    ['mae of XGBoost', ['mae', itself, likeXgboost], (y, z) => Math.abs(y - z), 0.01],
    ['quantile', ['quantile', above, { alpha: 0.8 }], pinball(0.8), 0.01],
    ['quantile of XGBoost', ['quantile', itself, { ...likeXgboost, alpha: 0.8 }], pinball(0.8), 0.01],
    ['gamma', ['gamma', above], gammaDeviance, 0.01],
    ['gamma of XGBoost', ['gamma', above, likeXgboost], gammaDeviance, 0.01],
    ['tweedie', ['tweedie', amount, { ...likeXgboost, tweedieVariancePower: 1.3 }], tweedieDeviance, 0.02],
  ])('the loss of %s is that of scikit-learn or XGBoost', (name, how, lossOf, within) => {
    const { predictions, labels } = fitted(...how);
    const ours = labels.reduce((sum, y, row) => sum + lossOf(y, predictions[row]!), 0) / labels.length;
    expect(Math.abs(ours / values[name]!.loss - 1)).toBeLessThan(within);
  });

  const tenths = ({ columns }: typeof train) => mapValues(columns, (values) => values.map((x) => Math.floor(10 * x)));
  test.each<[string, (y: number) => number, Partial<TrainingOptions>]>([
    ['mae', above, {}],
    ['gamma', above, {}],
    ['tweedie', amount, { ...likeXgboost, tweedieVariancePower: 1.3 }],
  ])('five small trees of %s predict as theirs', (name, labelOf, options) => {
    const { x3: _, ...columns } = tenths(train);
    const model = boost({
      ...{ objective: name as 'mae', columns, labels: train.number.map(labelOf) },
      ...{ numIterations: 5, numLeaves: 4, ...options },
    });
    const ours = model.predict(mapValues(tenths(test_), (values) => values.slice(0, 5)));
    ours.forEach((each, i) => expect(each / values[name]!.first[i]!).toBeCloseTo(1, 6));
  });
});

const MONOTONE = { x0: 1, x2: 1 } as const;

describe.each([
  {
    name: 'monotone',
    table: { monotoneConstraints: { ...MONOTONE, x3: 1, x5: -1 } },
    few: { monotoneConstraints: { ...MONOTONE, x4: -1 } },
  },
  {
    name: 'interaction',
    table: { interactionConstraints: [['x0'], ['x1', 'x2']] },
    few: { interactionConstraints: [['x0', 'x1'], ['x1', 'x2'], ['x4']] },
  },
  {
    name: 'both',
    table: {
      monotoneConstraints: { ...MONOTONE, x3: 1, x5: -1 },
      interactionConstraints: [
        ['x0', 'x1'],
        ['x1', 'x2'],
      ],
    },
    few: {
      monotoneConstraints: { ...MONOTONE, x4: -1 },
      interactionConstraints: [['x0', 'x1'], ['x1', 'x2'], ['x4']],
    },
  },
] as const)('with $name constraints', ({ name, table, few }) => {
  const [train, test_] = [madeTable(1, 2000), madeTable(2, 1000)];

  test('regression has the RMSE of scikit-learn', () => {
    const rows = { columns: train.columns, labels: train.number };
    const model = boost({ objective: 'regression', ...rows, ...AS_THERE, ...table });
    const ours = rmse(test_.number, model.predict(test_.columns));
    expect(Math.abs(ours / values[`regression, ${name}`]!.rmse - 1)).toBeLessThan(0.01);
  });

  test('one tree has the predictions of XGBoost', () => {
    const fewValues = ({ x0, x1, x2, x4 }: Readonly<Record<string, Float64Array>>) =>
      mapValues({ x0: x0!, x1: x1!, x2: x2!, x4: x4! }, (column) => column.map((x) => Math.floor(20 * x)));
    const rows = { columns: fewValues(train.columns), labels: train.number };
    const model = boost({ objective: 'regression', ...rows, numIterations: 1, learningRate: 1, ...few });
    model
      .predict(rowsOf(fewValues(test_.columns), 0, 100))
      .forEach((prediction, row) => expect(prediction).toBeCloseTo(values[`one tree, ${name}`]!.predictions[row]!, 4));
  });
});
