import { readFileSync } from 'node:fs';
import { mapValues } from '@polytask/components';
import { auc, multiclassLogLoss, rmse } from '@polytask/metrics';
import { describe, expect, test } from 'vitest';
import { boost, type TrainingOptions } from './index.ts';
import { censusSample, madeTable, rowsOf } from './testing/tables.ts';

/** The scores of scikit-learn and XGBoost, and the gains of the first tree; fixtures/make_values.py writes them. */
const values = JSON.parse(readFileSync(new URL('../fixtures/values.json', import.meta.url), 'utf8')) as Record<
  string,
  { auc: number; gains?: number[]; rmse: number; logLoss: number; deviance: number; predictions: number[] }
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
