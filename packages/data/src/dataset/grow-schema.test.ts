import { binary, regression } from '@polytask/core';
import { expect, test } from 'vitest';
import { categorical, numeric } from '../declarations/kinds.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { growSchema } from './grow-schema.ts';

const features = { age: numeric(), state: categorical() };
const old = fitSchema(
  parseCsv('age,state,rich\n30,Utah,1\n40,Ohio,0\n50,Utah,0\n', { features, tasks: { rich: binary() } }),
);

test('values of the training rows are added, and what the weights depend on stays', () => {
  const tasks = { rich: binary(), hours: regression() };
  const table = parseCsv('age,state,rich,hours\n31,Iowa,1,8\n41,Utah,1,6\n52,Maine,1,4\n', { features, tasks });
  const { schema, warnings } = growSchema(table, old, [0, 1]); // one class of rich only
  expect(warnings).toEqual([]);
  expect(schema.features).toEqual({
    ...old.features,
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio', 'Iowa'] },
  });
  expect(schema.tasks['rich']).toEqual(old.tasks.rich);
  expect(schema.tasks['hours']).toMatchObject({ fitted: { mean: 7 } });
  const ids = (rows: typeof old) => [...encode(table, rows).batch([0, 1, 2]).ids];
  expect(ids(schema as never)).toEqual([4, 2, 0]);
  expect(ids(old)).toEqual([0, 2, 0]);
});

test('a number with another unit is a warning', () => {
  const months = parseCsv('age,state,rich\n360,Utah,1\n480,Ohio,0\n', { features, tasks: { rich: binary() } });
  const { schema, warnings } = growSchema(months, old);
  expect(schema.features).toEqual(old.features);
  expect(warnings).toEqual([
    expect.objectContaining({
      ...{ kind: 'other-units', severity: 'warning', about: { column: 'age' } },
      evidence: expect.objectContaining({ now: expect.objectContaining({ mean: 420 }) as object }) as object,
      message: expect.stringMatching(/420 ± .*was 40\.0 ± /) as string,
    }),
  ]);
});

test('a column that is gone, and one of another kind', () => {
  const table = parseCsv('age\n31\n', { features: { age: categorical() }, tasks: {} });
  expect(() => growSchema(table, old)).toThrow(
    'feature "age" is categorical, and was numeric; feature "state" is gone',
  );
});

test('yes in another spelling is refused, in the training rows', () => {
  const tasks = { rich: binary({ positive: 'yes' }) };
  const read = (labels: string[]) =>
    parseCsv(`age,state,rich\n${labels.map((label) => `30,Utah,${label}\n`).join('')}`, { features, tasks });
  const before = fitSchema(read(['yes', 'no']));
  const table = read(['yes', 'no', 'Yes ']);
  expect(() => growSchema(table, before)).toThrow(
    'Expected labels in the rows as in the training, received column "rich" has "Yes", which counts as no for task "rich": ' +
      'yes is "yes" there. Spell them so.',
  );
  expect(growSchema(table, before, [0, 1]).schema).toEqual(before);
  expect(growSchema(read(['no', 'no', 'perhaps']), before).schema).toEqual(before);
  const { hours } = growSchema(
    parseCsv('age,state,hours\n3,Utah,1\n', { features, tasks: { hours: binary({ positive: '1' }) } }),
    before,
  ).schema.tasks;
  expect(hours).toMatchObject({ positive: '1' }); // a new task is fitted
});
