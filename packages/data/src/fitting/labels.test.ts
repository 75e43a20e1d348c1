import { binary } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { numeric } from '../declarations/features.ts';
import { split } from '../examples/split.ts';
import { fromRows } from '../table/from-rows.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';
import { yesAmong } from './labels.ts';

const labeled = (labels: readonly unknown[], task = binary()) =>
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
    expect(Array.from(test.arrays.labels['label']!)).toEqual([0, 1]);
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
