import { wholeNumber } from '@polytask/components';
import { expect, test } from 'vitest';
import { tinyExpert } from '../testing/tiny.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { levelsOf, networkVariants, withoutShared, withShared, type NetworkSize } from './variants.ts';

const size = (experts: number, tasks: number): NetworkSize => ({
  tasks: Array.from({ length: tasks }, (_, t) => `task ${t}`),
  widths: [4],
  experts,
  expert: (units) => tinyExpert({ units: units[0]! }),
});

test.each([
  [6, 3, { perTask: 1, shared: 3 }],
  [9, 3, { perTask: 2, shared: 3 }],
  [4, 3, { perTask: 1, shared: 1 }],
  [3, 2, { perTask: 1, shared: 1 }],
])('%i experts for %i tasks', (experts, tasks, expected) => {
  expect(withShared(size(experts, tasks))).toEqual(expected);
});

test('too few experts for a shared one, or an uneven number of own ones, is refused', () => {
  expect(() => withShared(size(3, 3))).toThrow('Expected at least 4 experts per level');
  expect(withoutShared(size(6, 3))).toEqual({ perTask: 2 });
  expect(() => withoutShared(size(7, 3))).toThrow('received 7. Take 6.');
  expect(() => withoutShared(size(2, 3))).toThrow('Take 3.');
});

test('an architecture carries its variants, each of which makes its network at a size', () => {
  const define = (network: string, ...names: string[]) =>
    defineNetwork(network, () => fusion([]), {
      options: { levels: wholeNumber() },
      variants: Object.fromEntries(
        names.map((name) => [
          name,
          { description: `the ${name}`, also: [`${name}-alias`], config: (of) => ({ levels: levelsOf(of).length }) },
        ]),
      ),
    });
  const spec = define('varied', 'varied-small', 'varied-large');
  const own = networkVariants().filter(({ name }) => name.startsWith('varied'));
  expect(own.map(({ name, description }) => [name, description])).toEqual([
    ['varied-small', 'the varied-small'],
    ['varied-large', 'the varied-large'],
  ]);
  expect(own[1]!.network(size(2, 2))).toEqual(spec({ levels: 1 }));

  define('other', 'varied-large'); // only a comparison needs names that differ
  expect(() => networkVariants()).toThrow(
    'Expected a name of its own for each variant in a comparison, ' +
      'received "varied-large" of network "varied" and of network "other"',
  );
});
