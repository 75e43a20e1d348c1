import { doubleMath, optional, positive } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { binary } from '../binary.ts';
import { multiclass } from '../multiclass.ts';
import { regression } from '../regression.ts';
import type { Task } from '../tasks.ts';
import { rowLosses } from '../../model/losses.ts';
import { checkTasks } from '../check-tasks.ts';
import { crossEntropy } from './cross-entropy.ts';
import { focal, asymmetric } from './focal.ts';
import { huber, logCosh, mae, mse } from './regression.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { defineLoss, lossesFor } from './loss.ts';
import { lossOf, rowLossOf } from './loss-of.ts';
import { pinball } from './pinball.ts';

beforeAll(() => tf.setBackend('cpu'));

const YES_NO = { z: [-3, -0.5, 0, 0.7, 4], y: [0, 1, 1, 0, 1] };
const NUMBERS = { z: [-3, -0.5, 0, 0.7, 4], y: [0, 0.25, 1, 1, 1] };
const CLASSES = {
  z: [
    [1, 2, -1],
    [0, -3, 0.5],
    [2, 2, 2],
  ],
  y: [1, 0, 2],
};
const classes = ['a', 'b', 'c'];

/** The losses of PyTorch 2.6 in double precision: of `torch.nn.functional`, and by their formulas where it has none. */
const PINNED: [string, Task, { z: number[] | number[][]; y: number[] }, number[]][] = [
  [
    'log loss',
    binary(),
    YES_NO,
    [0.048587351573742055, 0.9740769841801067, Math.LN2, 1.103186048885458, 0.01814992791780974],
  ],
  [
    'log loss with a weight',
    binary({ loss: binaryCrossEntropy({ positiveWeight: 3 }) }),
    YES_NO,
    [0.048587351573742055, 2.9222309525403203, 2.0794415416798357, 1.103186048885458, 0.05444978375342921],
  ],
  [
    'log loss, smoothed',
    binary({ loss: binaryCrossEntropy({ smoothing: 0.1 }) }),
    YES_NO,
    [0.1985873515737424, 0.9490769841801068, 0.6931471805599453, 1.0681860488854578, 0.21814992791780946],
  ],
  [
    'focal',
    binary({ loss: focal({ gamma: 2, alpha: 0.25 }) }),
    YES_NO,
    [8.196249337274802e-5, 0.09435290021485244, 0.04332169878499658, 0.3694086597123815, 1.4678924304673092e-6],
  ],
  [
    'asymmetric', // AsymmetricLoss of github.com/Alibaba-MIIL/ASL
    binary({ loss: asymmetric() }),
    YES_NO,
    [0, 0.6063233081118687, 0.34657359027997264, 0.1406143374973917, 0.0003264484143265529],
  ],
  [
    'asymmetric without a margin',
    binary({ loss: asymmetric({ gammaPositive: 0, gammaNegative: 2, margin: 0 }) }),
    YES_NO,
    [0.00010928332449699728, 0.9740769841801068, Math.LN2, 0.4925448796165088, 0.01814992791780973],
  ],
  ['cross-entropy', multiclass({ classes }), CLASSES, [0.34901221676818633, 0.9926991533322977, 1.0986122886681098]],
  [
    'cross-entropy, smoothed',
    multiclass({ classes, loss: crossEntropy({ smoothing: 0.2 }) }),
    CLASSES,
    [0.615678883434853, 1.1593658199989645, 1.0986122886681098],
  ],
  [
    'cross-entropy with weights',
    multiclass({ classes, loss: crossEntropy({ classWeights: [1, 2, 5] }) }),
    CLASSES,
    [0.6980244335363727, 0.9926991533322977, 5.493061443340549],
  ],
  ['mse', regression({ loss: mse() }), NUMBERS, [9, 0.5625, 1, 0.09, 9]],
  ['mae', regression({ loss: mae() }), NUMBERS, [3, 0.75, 1, 0.3, 3]],
  ['huber', regression({ loss: huber({ delta: 2 }) }), NUMBERS, [4, 0.28125, 0.5, 0.045, 4]],
  [
    'log-cosh',
    regression({ loss: logCosh() }),
    NUMBERS,
    [2.309328504577785, 0.2582660974228072, 0.4337808304830271, 0.044340769925940306, 2.309328504577785],
  ],
  ['pinball', regression({ loss: pinball({ levels: [0.9] }) }), NUMBERS, [2.7, 0.675, 0.9, 0.27, 0.3]],
];

describe.each(PINNED)('%s', (_, task, { z, y }, expected) => {
  const outputs = typeof z[0] === 'number' ? 1 : z[0]!.length;

  it('has the numbers of PyTorch, in doubles and as tensors', () => {
    const row = rowLossOf(lossOf(task), outputs);
    y.forEach((label, i) => expect(row(z[i]!, label, doubleMath)).toBeCloseTo(expected[i]!, 12));
    const losses = rowLosses(task, tf.tensor(z.flat(), [y.length, outputs]), tf.tensor1d(y));
    losses.dataSync().forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 5));
  });

  it('has the gradient that its doubles have', () => {
    const row = rowLossOf(lossOf(task), outputs);
    const total = (flat: number[]) =>
      y.reduce((sum, label, i) => {
        const one = flat.slice(i * outputs, (i + 1) * outputs);
        return sum + (row(outputs === 1 ? one[0]! : one, label, doubleMath) as number);
      }, 0);
    const flat = z.flat();
    const gradient = tf.grad((x) => tf.sum(rowLosses(task, x, tf.tensor1d(y))))(tf.tensor(flat, [y.length, outputs]));
    gradient.dataSync().forEach((slope, i) => {
      const at = (h: number) => total(flat.map((value, j) => (i === j ? value + h : value)));
      expect(slope).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 4);
    });
  });
});

it('a loss by its name has the defaults of its factory', () => {
  for (const [name, spec] of Object.entries({ mse: mse(), mae: mae(), huber: huber() }))
    expect(lossOf(regression({ loss: name }))).toEqual(spec);
  expect(lossOf(binary({ positiveWeight: 2 }))).toEqual(binaryCrossEntropy({ positiveWeight: 2 }));
});

it('a task takes the losses of its kind, and says which these are', () => {
  expect(lossesFor('binary')).toEqual(expect.arrayContaining(['binary-cross-entropy', 'focal']));
  expect(() => binary({ loss: 'focl' })).toThrow(
    'a loss for binary tasks for binary.loss, received "focl". Did you mean "focal"?',
  );
  expect(() => binary({ loss: huber() })).toThrow('received "huber", which is for regression. Known: ');
  expect(() => focal({ gamma: -1 })).toThrow('a number of 0 or more for focal.gamma, received -1');
  expect(() => regression({ loss: 'pinball' })).toThrow('pinball.levels');
  expect(() => crossEntropy({ smoothin: 0.1 } as never)).toThrow('Did you mean "smoothing"?');
  expect(() => binary({ loss: focal as never })).toThrow('a loss for binary.loss, received a function. Call it');
});

it('what only one of two options can say is refused', () => {
  expect(() => binary({ positiveWeight: 2, loss: focal() })).toThrow(
    'positiveWeight or a loss for binary, received both.',
  );
  const task = { kind: 'binary', positiveWeight: 2, loss: focal() };
  expect(() => checkTasks({ a: task })).toThrow(
    'positiveWeight or a loss for task "a", received both. Give the weight to the loss: binaryCrossEntropy({ positiveWeight: 2 }).',
  );
  const weights = crossEntropy({ classWeights: [1, 2] });
  expect(() => rowLossOf(weights, 3)).toThrow(
    'a weight for each of the 3 classes for cross-entropy.classWeights, received 2 weights',
  );
});

it('a loss from outside is one definition', () => {
  const cauchy = defineLoss(
    'test/cauchy',
    ({ scale }) =>
      (z, y, { add, div, log, square, sub }) =>
        log(add(square(div(sub(z, y), scale)), 1)),
    { tasks: ['regression'], options: { scale: optional(positive, 1) } },
  );
  const task = regression({ loss: cauchy({ scale: 2 }) });
  expect(rowLosses(task, tf.tensor2d([[3], [1]]), tf.tensor1d([1, 1])).arraySync()).toEqual([
    expect.closeTo(Math.LN2, 6),
    0,
  ]);
});

it('a loss is found by the names of papers and libraries, and kept under its own', () => {
  expect(binary({ loss: 'bce' }).loss).toBe('binary-cross-entropy');
  expect(regression({ loss: 'L1' }).loss).toBe('mae');
  const spec = { kind: 'loss', name: 'quantile', config: { levels: [0.9] } } as const;
  expect(regression({ loss: spec }).loss).toEqual(pinball({ levels: [0.9] }));
  expect(() => regression({ loss: pinball({ levels: [0.1, 0.9] }) })).toThrow('one level for regression.loss');
});
