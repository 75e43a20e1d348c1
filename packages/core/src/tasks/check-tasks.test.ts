import { expect, it } from 'vitest';
import { crossEntropy } from './losses/cross-entropy.ts';
import './losses/loss-of.ts'; // defines the losses of this package
import { checkTasks } from './check-tasks.ts';
import { binary } from './binary.ts';
import { multiclass } from './multiclass.ts';
import { regression } from './regression.ts';
import type { Task } from './tasks.ts';

const odd = (options: object): never => options as never;

const faults: [name: string, make: () => Task, message: string][] = [
  [
    'an option',
    () => binary(odd({ postive: 'yes' })),
    'an option of binary, received "postive". Did you mean "positive"?',
  ],
  [
    'an option',
    () => multiclass(odd({ clases: ['a'] })),
    'an option of multiclass, received "clases". Did you mean "classes"?',
  ],
  ['an option', () => regression(odd({ lgo: true })), 'an option of regression, received "lgo". Did you mean "log"?'],
  ['what only a fit finds', () => binary(odd({ fitted: { rate: 1 } })), 'an option of binary, received "fitted".'],
  ['a loss', () => regression(odd({ loss: 'hubr' })), 'for regression.loss, received "hubr". Did you mean "huber"?'],
  [
    'a positive value',
    () => binary(odd({ positive: true })),
    "a text, a number, or a list of them for binary.positive, received true. Write the value as the column has it: positive: 'yes'.",
  ],
  ['no positive value', () => binary({ positive: [] }), 'for binary.positive, received [].'],
  ['a class', () => multiclass(odd({ classes: [1, 2] })), 'a text for multiclass.classes[0], received 1.'],
  [
    'class weights without the order of the classes',
    () => multiclass({ loss: crossEntropy({ classWeights: [1, 5] }) }),
    'the 2 classes of the task, in the order of multiclass.loss.classWeights, received nothing. Declare them',
  ],
  ['a threshold', () => binary({ above: NaN }), 'a number for binary.above, received NaN.'],
  ['a weight', () => regression({ weight: -1 }), 'a number of 0 or more for regression.weight, received -1.'],
  ['options', () => binary(odd('yes' as never)), 'an object with the options of binary, received "yes".'],
];

it.each(faults)('refuses %s (%#)', (_, make, message) => {
  expect(make).toThrow(message);
});

it.each<[Task, string]>([
  [{ kind: 'binary', weight: -1 }, 'a number of 0 or more for task "a".weight, received -1.'],
  [{ ...binary(), positiveWeight: NaN } as Task, 'for task "a".positiveWeight, received NaN.'],
  [
    { kind: 'regression', fitted: { mean: 0, deviation: 0 } },
    'a number above 0 for task "a".fitted.deviation, received 0.',
  ],
  [{ kind: 'binary', fitted: {} }, 'a number in [0, 1] for task "a".fitted.rate, received nothing.'],
  [{ kind: 'regression', fitted: { mean: 3 } }, 'a number above 0 for task "a".fitted.deviation, received nothing.'],
  [{ kind: 'regression', fitted: { rate: 1 } }, 'a number for task "a".fitted.mean, received nothing.'],
  [
    { ...multiclass({ classes: ['x', 'y'] }), fitted: { shares: [1] } },
    'a share for each of the 2 classes for task "a".fitted, received 1.',
  ],
  [
    odd({ kind: 'binary', calibrated: { threshold: { at: 0.5, rule: { kind: 'threshold', name: 'f1', beta: 2 } } } }),
    'a threshold for task "a".calibrated.threshold.rule, received "beta" next to its config.',
  ],
])('refuses tasks that are written as objects: %o', (a, message) => {
  expect(() => checkTasks({ a })).toThrow(message);
});

it('takes what the types allow, as it is', () => {
  const options = { positive: ['yes', 1], from: 'y', weightFrom: 'w', weight: 0, positiveWeight: 2 };
  expect(binary(options)).toEqual({ kind: 'binary', ...options });
  expect(regression({ loss: 'huber', scale: 'none', log: true })).toMatchObject({ loss: 'huber', scale: 'none' });
  expect(multiclass({ classes: [] })).toEqual({ kind: 'multiclass', classes: [] });
});
