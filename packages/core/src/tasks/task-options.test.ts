import { expect, it } from 'vitest';
import { checkTaskOptions } from './task-options.ts';
import { binary, multiclass, regression, type Task } from './tasks.ts';

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
  [
    'a loss',
    () => regression(odd({ loss: 'square' })),
    'for regression.loss, received "square". Did you mean "squared"?',
  ],
  [
    'a positive value',
    () => binary(odd({ positive: true })),
    'a text, a number, or a list of them for binary.positive, received true.',
  ],
  ['no positive value', () => binary({ positive: [] }), 'for binary.positive, received [].'],
  ['a class', () => multiclass(odd({ classes: [1, 2] })), 'a text for multiclass.classes[0], received 1.'],
  ['a threshold', () => binary({ above: NaN }), 'a number for binary.above, received NaN.'],
  ['a weight', () => regression({ weight: -1 }), 'a number of 0 or more for regression.weight, received -1.'],
  ['options', () => binary(odd('yes' as never)), 'an object with the options of binary, received "yes".'],
];

it.each(faults)('refuses %s (%#)', (_, make, message) => {
  expect(make).toThrow(message);
});

it.each<[Task, string]>([
  [{ kind: 'binary', weight: -1 }, 'a number of 0 or more for the binary task "a".weight, received -1.'],
  [{ kind: 'binary', positiveWeight: NaN }, 'for the binary task "a".positiveWeight, received NaN.'],
  [
    { kind: 'regression', fitted: { mean: 0, deviation: 0 } },
    'a deviation above 0 of the labels of task "a", received',
  ],
  [
    { kind: 'multiclass', classes: ['x', 'y'], fitted: { shares: [1] } },
    'each of the 2 classes of task "a", received 1',
  ],
])('refuses tasks that are written as objects: %o', (a, message) => {
  expect(() => checkTaskOptions({ a })).toThrow(message);
});

it('takes what the types allow, as it is', () => {
  const options = { positive: ['yes', 1], from: 'y', weightFrom: 'w', weight: 0, positiveWeight: 2 };
  expect(binary(options)).toEqual({ kind: 'binary', ...options });
  expect(regression({ loss: 'huber', scale: 'none', log: true })).toMatchObject({ loss: 'huber', scale: 'none' });
  expect(multiclass({ classes: [] })).toEqual({ kind: 'multiclass', classes: [] });
});
