import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { boost } from './boost.ts';
import type { Columns } from './columns.ts';
import type { BoostingModel } from './model/boosting-model.ts';
import { censusSample, madeTable, rowsOf } from './testing/tables.ts';
import { exportOnnx } from './onnx.ts';

function tensorOf(column: Columns[string]): Tensor {
  if ('codes' in column)
    return new Tensor('int64', BigInt64Array.from(Array.from(column.codes, BigInt)), [column.codes.length, 1]);
  const values = Array.from(column as ArrayLike<number | string | null>);
  if (values.some((value) => typeof value === 'string'))
    return new Tensor(
      'string',
      values.map((value) => String(value ?? '')),
      [values.length, 1],
    );
  return new Tensor(
    'float64',
    Float64Array.from(values, (value) => (value === null ? NaN : Number(value))),
    [values.length, 1],
  );
}

async function expectSame(model: BoostingModel, columns: Columns) {
  const session = await InferenceSession.create(exportOnnx(model));
  const { prediction } = await session.run(
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, tensorOf(column)])),
  );
  const ours = model.predict(columns);
  expect(prediction!.dims).toEqual([ours.length / model.width, model.width]);
  const theirs = prediction!.data as Float32Array;
  const worst = ours.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - theirs[i]!) / (1 + Math.abs(value))),
    0,
  );
  expect(worst).toBeLessThan(2e-6);
}

test('texts and numbers, binary', async () => {
  const { columns, labels } = censusSample();
  const train = { columns: rowsOf(columns, 0, 2000), labels: labels.never_married.slice(0, 2000) };
  const model = boost({ objective: 'binary', ...train, numIterations: 20, catL2: 0, minDataPerGroup: 1 });
  await expectSame(model, rowsOf(columns, 1500, 4500));
});

test.each(['regression', 'poisson', 'multiclass'] as const)('missing values and codes, %s', async (objective) => {
  const { columns, number } = madeTable(1, 1500);
  const codes = Int32Array.from(number, (y, row) => (row % 7 === 0 ? -1 : Math.floor((y * 3 + row) % 40)));
  const rows = { ...columns, code: { codes } };
  const labels = number.map((y) => (objective === 'multiclass' ? Number(y > 11) + Number(y > 17) : Math.floor(y)));
  const model = boost({ objective, columns: rows, labels: labels.map((y) => Math.max(y, 0)), numIterations: 20 });
  await expectSame(model, rows);
  await expectSame(model, { ...rows, code: { codes: codes.map((code) => code * 2) } });
});

test('only missing values on one side, and no tree at all', async () => {
  const columns = { x: [1, 2, 3, null, null], s: ['a', 'b', null, 'a', 'b'] };
  const options = { objective: 'regression', minDataInLeaf: 1, numIterations: 3, columns } as const;
  await expectSame(boost({ ...options, labels: [0, 0, 0, 7, 7] }), {
    ...columns,
    x: [Infinity, -Infinity, 9, null, 2],
  });
  await expectSame(boost({ ...options, labels: [0, 0, 7, 0, 0] }), columns);
  await expectSame(boost({ ...options, labels: [1, 1, 1, 1, 1] }), columns);
});

test('a column called prediction is an error', () => {
  const model = boost({ objective: 'binary', columns: { prediction: [1, 2] }, labels: [0, 1] });
  expect(() => exportOnnx(model)).toThrow('received "prediction"');
});
