import { expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import { defineGramianBalancer, defineLossBalancer } from './define.ts';
import { equalWeights, famo, gradNorm, mgda, pcGrad } from './index.ts';
import { seeded } from './testing/random.ts';

const options = { tasks: ['a', 'b'], random: seeded(1) };

it.each([
  [undefined, 'Expected a balancer for balancing, received nothing. Pass a spec, such as that of '],
  [pcGrad, 'Expected a balancer for balancing, received a function. Call it: '],
  [{ ...pcGrad(), name: 'pcgard' }, 'Expected a known kind of balancer, received "pcgard". Did you mean "pcgrad"?'],
  [{ ...mgda(), config: { of: 'all', normalize: 'none' } }, 'for mgda.of, received "all".'],
  [{ ...famo(), config: { decay: 0 } }, 'Expected a number above 0 for famo.learningRate, received nothing.'],
])('refuses %o', (spec, message) => {
  expect(() => createBalancer(spec as never, options)).toThrow(message);
});

it('needs tasks', () => {
  expect(() => createBalancer(equalWeights(), { ...options, tasks: [] })).toThrow(
    'Expected one task or more, received none.',
  );
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

it('the gradients of a balancer without declared options are checked, too', () => {
  const rule = { start: () => null, weights: () => [1, 1] };
  const spec = defineGramianBalancer<object, null>('test.no-options', rule)({ of: 'trunk' as 'parameters' });
  expect(() => createBalancer(spec, options)).toThrow('"representation" for test.no-options.of, received "trunk".');
});
