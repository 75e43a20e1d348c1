import { createBalancer } from '@polytask/balancing';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import { testComponents, tinyBank } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import * as components from './index.ts';

const { geometricMean, kan, siren, tjur } = components;

// A new process imports the module, too. With serving and server, the way from a CSV file ends at ONNX and HTTP
testComponents(components, { module: new URL('./index.ts', import.meta.url).href, runner, serving, server });

it('tjur is the difference of the mean probabilities', () => {
  expect(tjur.create().update([1, 0, 0], [0.9, 0.2, 0.4]).compute()).toBeCloseTo(0.6, 12);
});

it('siren is a sine of frequency ω₀', () => {
  const bank = tinyBank(siren({ units: 1, frequency: 2 }), { members: ['a.0'], inputDim: 1 });
  bank.write('e.kernel', [0.5]);
  bank.write('e.bias', [0.25]);
  expect(bank.run([[[3]]])[0]![0]![0]).toBeCloseTo(Math.sin(2 * (0.5 * 3 + 0.25)), 5);
});

it('kan adds a smooth part and a bump around each center', () => {
  const bank = tinyBank(kan({ units: 1, basis: 3 }), { members: ['a.0'], inputDim: 1 });
  bank.write('e.smooth.kernel', [2]);
  bank.write('e.smooth.bias', [0]);
  bank.write('e.edges.kernel', [1, 10, 100]); // centers −2, 0 and 2
  const silu = 1 / (1 + Math.exp(-1));
  const wanted = 2 * silu + Math.exp(-(1.5 ** 2)) + 10 * Math.exp(-(0.5 ** 2)) + 100 * Math.exp(-(0.5 ** 2));
  expect(bank.run([[[1]]])[0]![0]![0]).toBeCloseTo(wanted, 3);
});

it("weights of the geometric mean are its derivative by each loss, without the tasks that aren't there", () => {
  const random = { uniform: () => [0], normal: () => [0], permutation: () => [0] };
  const balancer = createBalancer(geometricMean(), { tasks: ['a', 'b', 'c'], random });
  const losses = [0.5, 2, 3];
  const weights = balancer.weights({ step: 0, epoch: 0 }, { losses });
  const geometric = (values: number[]) =>
    Math.exp(values.reduce((sum, loss) => sum + Math.log(loss), 0) / values.length);
  losses.forEach((loss, i) => {
    const moved = (by: number) => geometric(losses.map((each, j) => (j === i ? loss + by : each)));
    expect(weights[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
  });
});
