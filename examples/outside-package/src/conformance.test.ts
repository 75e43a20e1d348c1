import { createBalancer } from '@polytask/balancing';
import * as server from '@polytask/server';
import * as serving from '@polytask/serving';
import {
  testBalancer,
  testExpert,
  testFeature,
  testGate,
  testLoss,
  testMetric,
  testModel,
  testTask,
  tinyBank,
  type LabeledPrediction,
} from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import {
  cauchy,
  cosineGate,
  cyclic,
  geometricMean,
  kan,
  pooledOwn,
  share,
  siren,
  staticSigmoidGate,
  tjur,
} from './index.ts';

const module = new URL('./index.ts', import.meta.url).href; // a new process imports it, too
testExpert(kan({ units: 4, basis: 3 }), { outputDim: 4, module, runner });
testExpert(siren({ units: 4 }), { outputDim: 4, module, runner });
// From a CSV file to ONNX and HTTP
const deployed = { module, runner, serving, server };
testLoss(cauchy({ scale: 2 }), deployed);
testTask(share(), deployed);
testFeature(cyclic({ period: 24 }), { values: [0, 6, 23.5, null], ...deployed });
testBalancer(geometricMean(), deployed);

testGate(cosineGate(), { module, runner });
testGate(staticSigmoidGate(), { module, runner });
testModel(pooledOwn({ experts: [kan({ units: 4 }), siren({ units: 4 })], pool: 3, own: siren({ units: 4 }) }), {
  module,
  runner,
});

const mean = (rows: readonly LabeledPrediction[]) =>
  rows.reduce((sum, { prediction }) => sum + prediction[0]!, 0) / rows.length;
testMetric(tjur, {
  definition: (rows) => mean(rows.filter(({ label }) => label === 1)) - mean(rows.filter(({ label }) => label === 0)),
  oneClass: NaN,
  runner,
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
