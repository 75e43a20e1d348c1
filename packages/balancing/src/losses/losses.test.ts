/** What only one loss balancer does; what all do, testBalancer tests. */
import { describe, expect, it } from 'vitest';
import { createBalancer, type LossBalancer } from '../balancer.ts';
import type { BalancerSpec } from '../define.ts';
import { decayingWeights, rlw, staticWeights } from '../given-weights.ts';
import { seeded } from '../testing/random.ts';
import { imtlL, uw } from './learned-scales.ts';
import { dwa } from './dwa.ts';
import { famo } from './famo.ts';
import { gls } from './gls.ts';
import { go4Align } from './go4-align.ts';
import { stch } from './stch.ts';

const tasks = ['a', 'b'];
const make = (spec: BalancerSpec<'losses'>): LossBalancer => createBalancer(spec, { tasks, random: seeded(3) });

function settled(spec: BalancerSpec<'losses'>, losses: readonly number[], steps = 4000): number[] {
  const balancer = make(spec);
  for (let step = 0; step < steps; step++) balancer.learn({ step, epoch: 0 }, { losses });
  return balancer.weights({ step: steps, epoch: 0 }, { losses });
}

it('uncertainty weights settle at 1 / (2 L)', () => {
  settled(uw(), [0.25, 4]).forEach((weight, i) => expect(weight).toBeCloseTo([2, 0.125][i]!, 6));
});

it("IMTL-L's scaled losses settle at 1", () => {
  settled(imtlL(), [0.25, 4]).forEach((weight, i) => expect(weight).toBeCloseTo([4, 0.25][i]!, 6));
});

it.each([
  [uw(), 0.5],
  [imtlL(), 1],
])('a loss of any size gets a weight that fits it, from the first step on: %o', (spec, product) => {
  for (const large of [1744, 1e6, 1e12]) {
    const losses = [0.7, large];
    const [small, other] = settled(spec, losses, 1);
    expect(other! * large).toBeCloseTo(product, 6); // a plain step had e^−43 and less here
    expect(small! * 0.7).toBeGreaterThan(0.5);
  }
  expect(settled(spec, [0.7, 0], 2).every(Number.isFinite)).toBe(true);
});

it('a task without a label learns nothing', () => {
  for (const spec of [uw(), imtlL(), dwa()]) {
    const balancer = make(spec);
    for (let step = 0; step < 9; step++)
      balancer.learn({ step, epoch: step }, { losses: [0, 2], present: [false, true] });
    expect(balancer.weights({ step: 9, epoch: 9 })[0]).toBe(1);
  }
});

describe('DWA', () => {
  it('weighs the task whose loss falls more slowly, by the means of epochs', () => {
    const balancer = make(dwa({ temperature: 1 }));
    const epochs = [
      [4, 1],
      [2, 1],
      [1, 1],
    ];
    epochs.forEach((losses, epoch) => {
      for (let step = 0; step < 2 * (epoch + 1); step++)
        balancer.learn({ step, epoch }, { losses: losses.map((loss) => loss + (step % 2 === 0 ? 0.5 : -0.5)) });
    });
    const [a, b] = [Math.exp(1 / 2), Math.exp(1)];
    balancer
      .weights({ step: 6, epoch: 3 })
      .forEach((weight, i) => expect(weight).toBeCloseTo((2 * [a, b][i]!) / (a + b), 12));
  });

  it('has no opinion in the first two epochs', () => {
    const balancer = make(dwa());
    balancer.learn({ step: 0, epoch: 0 }, { losses: [1, 2] });
    balancer.learn({ step: 1, epoch: 1 }, { losses: [0.5, 2] });
    expect(balancer.weights({ step: 1, epoch: 1 })).toEqual([1, 1]);
  });
});

describe('FAMO', () => {
  it('gives more to the task whose logarithm falls more slowly', () => {
    const balancer = make(famo({ decay: 0 }));
    for (let step = 0; step < 50; step++) balancer.learn({ step, epoch: 0 }, { losses: [2 * 0.9 ** step, 2] });
    const [a, b] = balancer.weights({ step: 50, epoch: 0 }, { losses: [2 * 0.9 ** 50, 2] }) as [number, number];
    expect((b * 2) / (a * 2 * 0.9 ** 50)).toBeGreaterThan(1.05); // z_b / z_a
    expect(a + b).toBeCloseTo(1, 12);
  });

  it('has to be told the losses', () => {
    expect(() => make(famo()).weights({ step: 0, epoch: 0 })).toThrow(
      'Expected the losses of the step, received nothing.',
    );
  });

  it('takes a loss of 0', () => {
    const balancer = make(famo());
    expect(balancer.weights({ step: 0, epoch: 0 }, { losses: [0, 1] })[0]).toBeCloseTo(1, 6);
  });
});

it('random weights lie in the simplex, none preferred', () => {
  const balancer = make(rlw());
  let sum = 0;
  for (let step = 0; step < 2000; step++) {
    const [a, b] = balancer.weights({ step, epoch: 0 }) as [number, number];
    expect(a + b).toBeCloseTo(1, 12);
    sum += a;
  }
  expect(Math.abs(sum / 2000 - 0.5)).toBeLessThan(0.03); // five standard errors
});

describe('static and decaying weights', () => {
  it.each([
    [[1], 'received [1]'],
    [{ a: 1 }, 'received {"a":1}'],
    [{ a: 1, b: 1, c: 1 }, 'received {"a":1,"b":1,"c":1}'],
  ])('refuse %j for tasks a and b', (weights, words) => {
    expect(() => make(staticWeights(weights as never))).toThrow(
      `Expected a number for each task (a, b) for static-weights.weights, ${words}.`,
    );
  });

  it('refuse negative weights and rates of 0', () => {
    expect(() => staticWeights([1, -1])).toThrow(
      'Expected a number of 0 or more for static-weights.weights[1], received -1.',
    );
    expect(() => decayingWeights({ rate: 0 })).toThrow(
      'Expected a number above 0 for decaying-weights.rate, received 0.',
    );
  });
});

it.each([uw(), imtlL(), dwa()])('$name refuses to learn from a negative loss', (spec) => {
  expect(() => make(spec).learn({ step: 0, epoch: 0 }, { losses: [1, -0.5] })).toThrow(
    `Expected a loss of 0 or more of task "b" for ${spec.name}, received -0.500. The balancer takes its logarithm or a ratio.`,
  );
});

it.each([gls(), stch(), go4Align(), famo()])('$name refuses a negative loss, and takes one of 0', (spec) => {
  const place = { step: 0, epoch: 0 };
  expect(() => make(spec).weights(place, { losses: [1, -0.5] })).toThrow(
    `Expected a loss of 0 or more of task "b" for ${spec.name}, received -0.500.`,
  );
  expect(make(spec).weights(place, { losses: [1, -0.5], present: [true, false] })[1]).toBe(0);
  expect(
    make(spec)
      .weights(place, { losses: [1, 0] })
      .every(Number.isFinite),
  ).toBe(true);
});

it('STCH approaches the worst relative loss for a small μ', () => {
  const balancer = make(stch({ smoothing: 0.01 }));
  balancer.learn({ step: 0, epoch: 0 }, { losses: [1, 10] });
  const [a, b] = balancer.weights({ step: 1, epoch: 1 }, { losses: [0.9, 5] });
  expect(a).toBeCloseTo(2 / 0.9, 10); // T / L of the task at 0.9 of its nadir, the other is at 0.5
  expect(b).toBeCloseTo(0, 10);
});
