import { expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import { defineGramianBalancer, defineLossBalancer } from './define.ts';
import { equalWeights, famo, gradDrop, gradNorm, mgda, pcGrad, staticWeights } from './index.ts';
import { seeded } from './testing/random.ts';

const options = { tasks: ['a', 'b'], random: seeded(1) };

it.each([
  [undefined, 'Expected a balancer for balancing, received nothing. Pass a spec, such as that of '],
  [pcGrad, 'Expected a balancer for balancing, received a function. Call it: '],
  [{ ...pcGrad(), name: 'pcgard' }, 'Expected a known kind of balancer, received "pcgard". Did you mean "pcgrad"?'],
  [{ ...mgda(), config: { of: 'all', normalize: 'none' } }, 'for mgda.of, received "all".'],
  [{ ...staticWeights(1), config: {} }, 'for static-weights.weights, received nothing.'],
])('refuses %o', (spec, message) => {
  expect(() => createBalancer(spec as never, options)).toThrow(message);
});

it('fills in the defaults of a spec that was written by hand', () => {
  const balancer = createBalancer({ ...famo(), config: { decay: 0.5 } }, options);
  const input = { losses: [1, 3] };
  const moment = { step: 0, epoch: 0 };
  expect(balancer.weights(moment, input)).toEqual(createBalancer(famo({ decay: 0.5 }), options).weights(moment, input));
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

it('refuses losses, gradients and states that are not of its tasks, or not finite', () => {
  const [weighing, gramian, jacobian] = [
    createBalancer(famo(), options),
    createBalancer(pcGrad(), options),
    createBalancer(gradDrop(), options),
  ];
  const [place, losses] = [{ step: 0, epoch: 0 }, [1, 2]];
  const refused: [() => unknown, string][] = [
    [() => weighing.learn(place, { losses: [1] }), 'Expected 2 losses (a, b), received 1.'],
    [() => weighing.learn(place, { losses: [1, NaN] }), 'Expected a finite loss of task "b", received NaN.'],
    [() => weighing.learn(place, { losses, present: [true] }), 'received 1 marks of presence'],
    [() => weighing.restore('another'), 'Expected a state of'],
    [() => gramian.weights(place, { losses, gramian: [[1]] }), 'Expected a Gramian [2][2], received [1][1].'],
    [
      () =>
        gramian.weights(place, {
          losses,
          gramian: [
            [1, Infinity],
            [0, 1],
          ],
        }),
      'Expected a finite inner product of "a" and "b"',
    ],
    [() => gramian.weights(place, { losses } as never), 'Expected a Gramian [2][2], received nothing.'],
    [() => gramian.learn(place, { losses } as never), 'Expected a Gramian [2][2], received nothing.'],
    [() => jacobian.vector(place, { losses } as never), 'Expected 2 gradients of one length (a, b), received nothing.'],
    [() => jacobian.vector(place, { losses, jacobian: [Float32Array.of(1)] }), 'Expected 2 gradients of one length'],
  ];
  for (const [act, message] of refused) expect(act).toThrow(message);
});

it('takes a balancer of your own, once under its name, and looks at what it gives', () => {
  const largest = defineLossBalancer('test.largest', {
    start: () => null,
    needsLosses: true,
    weights: (_state, _config, _moment, { losses }) =>
      losses.map((loss) => (loss > 9 ? NaN : Number(loss === Math.max(...losses)))),
  });
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
  const noOptions = defineGramianBalancer('test.no-options', rule);
  expect(() => noOptions({ of: 'trunk' as 'parameters' })).toThrow(
    '"representation" for test.no-options.of, received "trunk".',
  );
});
