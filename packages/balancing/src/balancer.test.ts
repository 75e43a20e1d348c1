import { expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import { defineLossBalancer } from './define.ts';
import { equal, gradNorm, pcGrad } from './index.ts';
import { seeded } from './testing/random.ts';

const options = { tasks: ['a', 'b'], random: seeded(1) };

it.each([
  [undefined, 'Expected a balancer, received nothing. Pass one, such as pcGrad().'],
  [pcGrad, 'Expected a balancer, received a function.'],
  [{ kind: 'pcgard', contract: 'gramian', config: {} }, 'Expected a known balancer, received "pcgard".'],
  [{ ...equal(), contract: 'gramian' }, 'Expected "losses" as the contract of equal, received "gramian".'],
])('refuses %o', (spec, message) => {
  expect(() => createBalancer(spec as never, options)).toThrow(message);
});

it('needs tasks', () => {
  expect(() => createBalancer(equal(), { ...options, tasks: [] })).toThrow('Expected one task or more, received none.');
});

it('refuses the state of other tasks', () => {
  const other = createBalancer(gradNorm(), { ...options, tasks: ['a', 'b', 'c'] });
  expect(() => createBalancer(gradNorm(), options).restore(other.state)).toThrow(
    'Expected a state of gradnorm such as {"weights":[1,1],"first":[null,null]}',
  );
});

it('takes a balancer of your own, once under its name, and looks at what it gives', () => {
  const load = () =>
    defineLossBalancer<object, null>('test.largest', {
      start: () => null,
      needsLosses: true,
      weights: (_state, _config, _moment, { losses }) =>
        losses.map((loss) => (loss > 9 ? NaN : Number(loss === Math.max(...losses)))),
    });
  load();
  const largest = load(); // as a module does that is loaded twice
  const balancer = createBalancer(largest({}), options);
  expect(balancer.weights({ step: 0, epoch: 0 }, { losses: [1, 2] })).toEqual([0, 1]);
  expect(() => balancer.weights({ step: 0, epoch: 0 }, { losses: [1, 10] })).toThrow(
    'Expected test.largest to give 2 finite weights, received ["0","NaN"].',
  );
  expect(() => defineLossBalancer('test.largest', { start: () => null, weights: () => [] })).toThrow(
    '"test.largest", which is taken',
  );
});
