import { findMetric } from '@polytask/metrics';
import { describe, expect, test } from 'vitest';
import type { TaskScores } from '../evaluation/metric-table.ts';
import { earlyStopping, type EarlyStoppingOptions, Stopper, type StopperState } from './early-stopping.ts';

const table = {
  a: { auc: findMetric('auc'), calibration: findMetric('calibration') },
  b: { auc: findMetric('auc'), calibration: findMetric('calibration') },
  hours: { rmse: findMetric('rmse') },
};
const binaries = { a: table.a, b: table.b };

type Epoch = Record<string, Record<string, number>>;

/** Feeds epochs until it stops: the epoch at which it did (or undefined), and the best one. */
function run(
  options: EarlyStoppingOptions,
  epochs: Epoch[],
  of: Record<string, (typeof table)[keyof typeof table]> = binaries,
) {
  const stopper = new Stopper(earlyStopping(options), of);
  let stopped: number | undefined;
  epochs.forEach((scores, i) => {
    if (stopped !== undefined) return;
    stopper.update(i + 1, scores as Record<string, TaskScores>);
    if (stopper.exhausted) stopped = i + 1;
  });
  return { stopped, best: stopper.state.best?.epoch, value: stopper.state.best?.value };
}

const auc = (...pairs: [number, number][]): Epoch[] => pairs.map(([a, b]) => ({ a: { auc: a }, b: { auc: b } }));

describe('over', () => {
  const way = auc([0.7, 0.9], [0.8, 0.84], [0.6, 0.95], [0.9, 0.5], [0.1, 0.96]);

  test('mean: patience runs out when the mean no longer grows', () => {
    expect(run({ metric: 'auc', patience: 2 }, way)).toEqual({ stopped: 4, best: 2, value: expect.closeTo(0.82, 12) });
  });

  test('weighted: the weights decide', () => {
    expect(run({ metric: 'auc', patience: 2, over: 'weighted', weights: { a: 1, b: 3 } }, way).best).toBe(3);
    expect(run({ metric: 'auc', patience: 2, over: 'weighted', weights: { a: 1 } }, way)).toEqual({
      stopped: undefined,
      best: 4,
      value: 0.9,
    });
  });

  test('one task', () => {
    expect(run({ metric: 'auc', patience: 1, over: { task: 'b' } }, way)).toEqual({ stopped: 2, best: 1, value: 0.9 });
  });

  test('all: goes on while any task improves, and keeps the epoch of the best mean gain', () => {
    // gains on epoch 1: 0, (.1/.7 − .06/.9)/2 = .038, (−.1/.7 + .05/.9)/2, (.2/.7 − .4/.9)/2, …
    expect(run({ metric: 'auc', patience: 1, over: 'all' }, way)).toEqual({
      stopped: undefined,
      best: 2,
      value: expect.closeTo((0.1 / 0.7 - 0.06 / 0.9) / 2, 12),
    });
    const flat = auc([0.7, 0.9], [0.8, 0.8], [0.75, 0.89]);
    expect(run({ metric: 'auc', patience: 1, over: 'all' }, flat).stopped).toBe(3);
  });

  test('all puts metrics together that point in different directions', () => {
    const epochs = [0.7, 0.8, 0.75].map((value, i): Epoch => ({
      a: { auc: value },
      b: { auc: 0.5 },
      hours: { rmse: [4, 3, 2.9][i]! },
    }));
    const options: EarlyStoppingOptions = { metric: { a: 'auc', b: 'auc', hours: 'rmse' }, over: 'all', patience: 1 };
    expect(run(options, epochs, table)).toEqual({
      stopped: undefined,
      best: 2,
      value: expect.closeTo((0.1 / 0.7 + 0 + 1 / 4) / 3, 12),
    });
  });
});

test('the direction comes from the metric', () => {
  const loss = [0.5, 0.4, 0.45].map((value): Epoch => ({ a: { loss: value }, b: { loss: value } }));
  expect(run({ metric: 'loss', patience: 1 }, loss)).toEqual({ stopped: 3, best: 2, value: 0.4 });
  const calibration = [1.3, 0.8, 1.1].map((value): Epoch => ({ a: { calibration: value }, b: { calibration: value } }));
  const value = expect.closeTo(0.1, 12) as number; // the distance from 1
  expect(run({ metric: 'calibration', patience: 1 }, calibration)).toEqual({ stopped: undefined, best: 3, value });
  const opposite = [
    [0.5, 1.5],
    [0.9, 0.9],
  ].map(([a, b]): Epoch => ({ a: { calibration: a! }, b: { calibration: b! } }));
  expect(run({ metric: 'calibration', patience: 1 }, opposite)).toEqual({ stopped: undefined, best: 2, value });
});

test('by default it is the mean normalized loss, which tasks of any kind and unit have', () => {
  const errors = [
    [0.9, 0.7, 0.5],
    [0.8, 0.7, 0.5],
    [0.7, 0.6, 0.9],
  ].map(([a, b, hours]): Epoch => ({
    a: { normalizedLoss: a!, loss: 1 },
    b: { normalizedLoss: b!, loss: 1 },
    hours: { normalizedLoss: hours!, loss: 1 },
  }));
  expect(run({}, errors, table)).toEqual({ stopped: undefined, best: 2, value: expect.closeTo(2 / 3, 12) });
});

test('minDelta: small steps use the patience up, and are kept as the best all the same', () => {
  const way = auc([0.8, 0.8], [0.805, 0.805], [0.809, 0.809], [0.82, 0.82]);
  expect(run({ metric: 'auc', patience: 2, minDelta: 0.01 }, way)).toEqual({
    stopped: 3,
    best: 3,
    value: expect.closeTo(0.809, 12),
  });
  expect(run({ metric: 'auc', patience: 3, minDelta: 0.01 }, way).stopped).toBe(undefined);
});

test('an undefined metric is no improvement', () => {
  const way = auc([NaN, 0.8], [0.7, 0.8], [NaN, 0.9], [0.6, 0.8]);
  expect(run({ metric: 'auc', patience: 2 }, way)).toEqual({ stopped: 4, best: 2, value: 0.75 });
});

test('patience without end only picks the best epoch', () => {
  expect(run({ metric: 'auc', patience: Infinity }, auc([0.9, 0.9], [0.5, 0.5], [0.6, 0.6], [0.4, 0.4]))).toMatchObject(
    { stopped: undefined, best: 1 },
  );
});

test('its state is plain JSON, and another stopper continues from it', () => {
  const way = auc([0.7, 0.9], [0.8, 0.8], [0.75, 0.8]) as Record<string, TaskScores>[];
  const spec = earlyStopping({ metric: 'auc', over: 'all', patience: 1 });
  const first = new Stopper(spec, binaries);
  way.slice(0, 2).forEach((scores, i) => first.update(i + 1, scores));
  const second = new Stopper(spec, binaries, JSON.parse(JSON.stringify(first.state)) as StopperState);
  for (const stopper of [first, second]) stopper.update(3, way[2]!);
  expect(second.state).toEqual(first.state);
  expect(second.exhausted).toBe(true);
});

test('nonsense is refused', () => {
  const build = (options: EarlyStoppingOptions) => () => new Stopper(earlyStopping(options), table);
  expect(build({ patience: 0 })).toThrow(
    'Expected a whole number of 1 or more, or one of "auto" for earlyStopping.patience, received 0.',
  );
  expect(build({ patince: 1 } as never)).toThrow('Did you mean "patience"?');
  expect(build({ over: 'any' as never })).toThrow('for earlyStopping.over');
  expect(build({ over: 'weighted' })).toThrow("received over: 'weighted' alone");
  expect(build({ weights: { a: 1 } })).toThrow('received weights and over: "mean"');
  expect(build({ over: 'weighted', weights: { a: 0 } })).toThrow('the sum of earlyStopping.weights, received 0');
  expect(build({ over: { task: 'c' } })).toThrow('Expected a task of the model in earlyStopping.over, received "c"');
  expect(build({ metric: 'auk', over: { task: 'a' } })).toThrow('Did you mean "auc"?');
  expect(build({ metric: 'auc' })).toThrow('Expected a metric that task "hours" is validated by');
  expect(build({ metric: { a: 'auc' } })).toThrow(
    'Expected a metric for task "b" in earlyStopping.metric, received none.',
  );
  expect(build({ metric: { a: 'auc', b: 'auc', hours: 'rmse' } })).toThrow(
    '"auc" (higher is better) and "rmse" (lower)',
  );
});
