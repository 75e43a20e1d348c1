import {
  labelsOf,
  binary,
  binaryCrossEntropy,
  classBalancedWeights,
  crossEntropy,
  defineTask,
  multiclass,
  type Task,
} from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { numeric } from '../declarations/kinds.ts';
import { split } from '../fitting/split.ts';
import { fromRows } from '../table/from-rows.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { yesAmong } from './yes-no.ts';

const labeled = (labels: readonly unknown[], task: Task = binary()) =>
  fromRows(
    labels.map((label) => ({ x: 1, label })),
    { features: { x: numeric() }, tasks: { label: task } },
  );

describe('binary() without a positive value', () => {
  it.each([
    [['no', 'yes', 'no'], '"yes"'],
    [['N', 'Y'], '"Y"'],
    [['off', 'on'], '"on"'],
    [['negative', 'positive'], '"positive"'],
    [['<=50K', '>50K'], '">50K"'],
    [['False.', 'True.'], '"True."'],
    [['no', 'Yes', 'yes', 'YES'], '["Yes", "yes", "YES"]'],
  ])('names the value of %j that means yes, whatever row comes first', (labels, positive) => {
    expect(() => fitSchema(labeled(labels))).toThrow(`Say what means yes: binary({ positive: ${positive} }).`);
    const reversed = () => fitSchema(labeled(labels.toReversed()));
    expect(reversed).toThrow(/Say what means yes/);
    if (!positive.startsWith('[')) expect(reversed).toThrow(`positive: ${positive} }).`);
  });

  it('lists the values where none is a word for yes', () => {
    expect(() => fitSchema(labeled(['cat', 'dog', 'cat']))).toThrow(
      'in row 0, column "label", received "cat". Say what means yes: binary({ positive: "cat" }) or binary({ positive: "dog" }).',
    );
    expect(() => fitSchema(labeled(['a', 'b', 'c']))).toThrow(
      'Say which of "a", "b", "c" mean yes: binary({ positive: […] }). To predict which one it is, declare multiclass().',
    );
  });

  it('takes a text among proper labels for a mistake', () => {
    expect(() => fitSchema(labeled([0, 1, 'unknown']))).toThrow(
      'Correct the cell, or leave it empty where there is no label (in a CSV: missing: ["unknown"]).',
    );
  });

  it('says so at the first row of a file that is read and split', () => {
    const table = parseCsv('x,income\n1,<=50K\n2,>50K\n3,<=50K\n', {
      features: { x: numeric() },
      tasks: { income: binary() },
    });
    expect(() => split(table)).toThrow(
      'Expected 0, 1, false, true or an empty cell as the label of task "income" in the text, line 2, column ' +
        '"income", received "<=50K". Say what means yes: binary({ positive: ">50K" }).',
    );
  });
});

describe('a list of positive values', () => {
  const positive = ['>50K', '>50K.'];

  it('may have some that only other files have', () => {
    const schema = fitSchema(labeled(['<=50K', '>50K', '<=50K'], binary({ positive })));
    expect(schema.tasks.label.fitted).toEqual({ rate: 1 / 3 });
    const test = encode(labeled(['<=50K.', '>50K.'], binary({ positive })), schema);
    expect(Array.from(labelsOf(test.arrays, 'label').labels)).toEqual([0, 1]);
  });

  it('is an error where the column has none of them', () => {
    expect(() => fitSchema(labeled(['<=50k', '>50k'], binary({ positive })))).toThrow(
      'Expected one of the positive values ">50K", ">50K." of task "label" somewhere in column "label", received a ' +
        'column without it. Did you mean ">50k"?',
    );
    expect(() => fitSchema(labeled(['no', 'yes'], binary({ positive: ['Yess'] })))).toThrow(
      'Expected the positive value "Yess" of task "label"',
    );
  });
});

describe('yesAmong', () => {
  it('needs both signs, to take more for yes', () => {
    expect(yesAmong(['>50K', '<=50K', '>90K'])).toEqual(['>50K', '>90K']);
    expect(yesAmong(['>50K', 'other'])).toEqual([]);
    expect(yesAmong(['maybe', 'no'])).toEqual([]);
  });
});

describe('a kind of task from outside', () => {
  const share = defineTask(
    'test-share',
    () => ({
      label: { type: 'number', scale: 'none', minimum: 0, maximum: 1 },
      prediction: { type: 'number' },
      loss: () => binaryCrossEntropy(),
      predict: (z, { sigmoid }) => sigmoid(z),
      metrics: ['mae'],
    }),
    {},
  );

  it('has the labels that it says, and a fit of them', () => {
    const table = labeled([0, 0.25, null, 1], share());
    expect(fitSchema(table).tasks['label']!.fitted!.mean).toBeCloseTo(1.25 / 3, 12);
    const rows = encode(table, fitSchema(table)).batch([0, 1, 2, 3]);
    expect([...labelsOf(rows, 'label').labels]).toEqual([0, 0.25, 0, 1]);
    expect([...labelsOf(rows, 'label').weights]).toEqual([1, 1, 0, 1]);
  });

  it('refuses a label outside of its range, with its row', () => {
    expect(() => fitSchema(labeled([0, 1.5], share()))).toThrow(
      'a number from 0 to 1 as the label of task "label" in row 1, column "label", received 1.5.',
    );
  });
});

describe('a loss with classBalance', () => {
  it('gets the weights of the training rows, and of their classes', () => {
    const loss = crossEntropy({ classBalance: 0.9 });
    const labels = [...'aaaaaaabbbc', null];
    const [a, b, c] = classBalancedWeights([7, 3, 1], { beta: 0.9 });
    const found = fitSchema(labeled(labels, multiclass({ loss }))).tasks['label']!;
    expect(found).toMatchObject({ classes: ['a', 'b', 'c'], loss: crossEntropy({ classWeights: [a!, b!, c!] }) });
    const declared = fitSchema(labeled(labels, multiclass({ classes: ['c', 'a', 'b'], loss }))).tasks['label']!;
    expect(declared.loss).toEqual(crossEntropy({ classWeights: [c!, a!, b!] }));
    expect(() => fitSchema(labeled(labels, multiclass({ classes: ['a', 'b', 'c', 'd'], loss })))).toThrow(
      'one training row or more of each class, for class-balanced weights, received the counts [7,3,1,0]',
    );
  });

  it('counts rows by their sample weight', () => {
    const rows = [1, 1, 0, 0, 0].map((label, i) => ({ x: i, label, trust: [2, 1, 5, 1, 3][i]! }));
    const task = binary({ weightFrom: 'trust', loss: binaryCrossEntropy({ classBalance: 0.9 }) });
    const [no, yes] = classBalancedWeights([9, 3], { beta: 0.9 });
    const { tasks } = fitSchema(fromRows(rows, { features: { x: numeric() }, tasks: { label: task } }));
    expect(tasks.label.loss).toEqual(binaryCrossEntropy({ positiveWeight: yes! / no! }));
  });
});
