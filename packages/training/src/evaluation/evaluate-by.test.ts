import { binary, embed, multiTaskModel } from '@polytask/core';
import { categorical, encode, fitSchema, fromRows, hashed, numeric } from '@polytask/data';
import { auc } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { tinyNetwork } from '../testing/tiny.ts';
import { evaluateBy } from './evaluate-by.ts';

beforeAll(() => tf.setBackend('cpu'));

const TABS = ['home', 'search', 'home', null];
const rows = Array.from({ length: 400 }, (_, i) => ({
  x: Math.sin(i),
  tab: TABS[i % 4]!,
  user: `u${i}`,
  click: i % 7 === 0 ? null : Math.cos(3 * i) > 0 ? 'yes' : 'no',
}));
const table = fromRows(rows, {
  features: { x: numeric(), tab: categorical({ minCount: 1 }), user: hashed({ buckets: 900 }) },
  tasks: { click: binary({ positive: 'yes' }) },
});
const examples = encode(table, fitSchema(table));
const model = multiTaskModel({ schema: examples.schema, network: tinyNetwork({ units: 4 }), input: embed(), seed: 7 });

test('the metrics of each value are those of its labeled rows, the most frequent value first', async () => {
  const found = await evaluateBy(model, examples, 'tab', { batchSize: 100, metrics: { click: ['auc'] } });
  expect(found.map(({ value, rows: count }) => [value, count])).toEqual([
    ['home', 200],
    ['search', 100],
    [null, 100],
  ]);
  const predicted = model.predict(examples).click;
  for (const { value, metrics } of found) {
    const own = rows.flatMap(({ tab, click }, i) => (tab === value && click !== null ? [i] : []));
    const expected = auc(
      own.map((i) => Number(rows[i]!.click === 'yes')),
      own.map((i) => predicted[i]!),
    );
    expect(metrics['click']!['auc']).toBeCloseTo(expected, 6);
  }
});

test('a feature that is unknown, or has a value for each row, is refused', async () => {
  await expect(evaluateBy(model, examples, 'tba')).rejects.toThrow('received "tba". Did you mean "tab"?');
  await expect(evaluateBy(model, examples, 'user')).rejects.toThrow('received "user", which has more');
});
