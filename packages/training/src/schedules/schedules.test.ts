import { positive } from '@polytask/components';
import { expect, test } from 'vitest';
import {
  cosine,
  exponentialDecay,
  piecewise,
  warmup,
  defineSchedule,
  learningRateAt,
  type LearningRate,
} from './schedules.ts';

const rates = (rate: LearningRate, steps: number[], stepsPerEpoch = 10) =>
  steps.map((step) => learningRateAt(rate, { step, stepsPerEpoch }));

const close = (actual: number[], expected: number[]) =>
  expected.forEach((value, i) => expect(actual[i], `step ${i}`).toBeCloseTo(value, 12));

test.each<[string, LearningRate, number[], number[]]>([
  ['number', 0.5, [0, 9, 1000], [0.5, 0.5, 0.5]],
  ['cosine', cosine(1, { steps: 4, end: 0.2 }), [0, 1, 2, 4, 9], [1, 0.2 + 0.4 * (1 + Math.SQRT1_2), 0.6, 0.2, 0.2]],
  ['cosine by epochs', cosine(1, { epochs: 2 }), [0, 10, 20], [1, 0.5, 0]],
  ['exponential', exponentialDecay(1, { rate: 0.25, steps: 2 }), [0, 1, 2, 4], [1, 0.5, 0.25, 0.0625]],
  ['staircase', exponentialDecay(1, { rate: 0.1, epochs: 1, staircase: true }), [0, 9, 10, 20], [1, 1, 0.1, 0.01]],
  [
    'piecewise',
    piecewise(3, [
      { after: { steps: 2 }, value: 2 },
      { after: { epochs: 1 }, value: 1 },
    ]),
    [0, 1, 2, 9, 10],
    [3, 3, 2, 2, 1],
  ],
  ['warmup', warmup(1, { steps: 4 }), [0, 1, 3, 4, 100], [0.25, 0.5, 1, 1, 1]],
  [
    'warmup, then cosine',
    warmup(cosine(1, { steps: 4 }), { steps: 2, start: 0.5 }),
    [0, 1, 2, 4, 6],
    [0.75, 1, 1, 0.5, 0],
  ],
])('%s', (_name, rate, steps, expected) => {
  close(rates(rate, steps), expected);
  close(rates(JSON.parse(JSON.stringify(rate)) as LearningRate, steps), expected); // plain JSON
});

test('a schedule of your own', () => {
  const inverseRoot = defineSchedule('test.inverse-root', ({ start }, { step }) => start / Math.sqrt(step + 1), {
    options: { start: positive },
  });
  expect(rates(inverseRoot({ start: 2 }), [0, 3])).toEqual([2, 1]);
  expect(() => defineSchedule('test.inverse-root', () => 1)).toThrow('"test.inverse-root", which is taken');
});

test('nonsense is refused', () => {
  expect(() => cosine(-1, { epochs: 1 })).toThrow('Expected a number of 0 or more for cosine.start, received -1.');
  expect(() => cosine(1, {} as never)).toThrow('Expected steps or epochs for cosine, received neither.');
  const spec = cosine(1, { steps: 5 });
  const asJson = { ...spec, config: { ...(spec.config as object), epochs: 1 } };
  expect(() => learningRateAt(asJson, { step: 0, stepsPerEpoch: 5 })).toThrow(
    'steps or epochs for a schedule, received both',
  );
  expect(() => cosine(1, { steps: 1, epochs: 1 } as never)).toThrow('received both');
  expect(() => cosine(1, { epoch: 1 } as never)).toThrow('Did you mean "epochs"?');
  expect(() => warmup(1, { steps: 0 })).toThrow('Expected a number above 0 for warmup.steps, received 0.');
  expect(() => warmup({ kind: 'schedule', name: 'cosin', config: {} }, { steps: 1 })).toThrow('Did you mean "cosine"?');
  expect(() => exponentialDecay(1, { rate: NaN, steps: 1 })).toThrow('exponential-decay.rate, received NaN');
  expect(() => piecewise(1, [{ after: { steps: 1 }, value: -1 }])).toThrow('piecewise.pieces[0].value, received -1');
  const pieceAfter = (after: object) => () => piecewise(1, [{ after, value: 1 }]);
  expect(pieceAfter({})).toThrow('steps or epochs for piecewise.pieces[0].after, received neither.');
  expect(pieceAfter({ steps: 1, epochs: 1 })).toThrow('for piecewise.pieces[0].after, received both.');
  const negative = defineSchedule('test.negative', (_, { step }) => -step);
  expect(() => rates(negative({}), [1])).toThrow('schedule "test.negative" at step 1');
});
