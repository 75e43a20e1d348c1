import { describe, expect, it } from 'vitest';
import { createBalancer } from '../balancer.ts';
import { balancerNeeds } from '../define.ts';
import { gramianOf, gradientDiagnostics } from '../gradient-diagnostics.ts';
import { caGrad, equalWeights, gradNorm, plainSum, rotoGrad, rotoGradScale } from '../index.ts';
import { seeded, randomGradients } from '../testing/random.ts';
import { backTurned, identity } from '../testing/rotations.ts';
import { turned, rotationPulls } from './turned.ts';

const [WIDTH, ROWS] = [5, 7];

/** Gradients of what the heads read, of which the second is nearly against the first. */
const opposite = (): number[][] => {
  const [first, other] = randomGradients(1, [2, ROWS * WIDTH], 3)[0] as [number[], number[]];
  return [first, first.map((value, i) => -3 * value + 0.3 * other[i]!)];
};

/** The gradients of the representation under rotations. */
const representationGradients = (heads: readonly (readonly number[])[], kernels: readonly (readonly number[])[]) =>
  heads.map((head, k) => backTurned(head, kernels[k]!, WIDTH));

/** Steps of rotations for heads that stay as they are; kernels are float32 in between, as a model keeps them. */
function turnFor(
  heads: readonly (readonly number[])[],
  steps: number,
  { size, angle }: { size: number; angle: (step: number) => number },
): number[][] {
  let kernels = heads.map(() => identity(size));
  for (let step = 0; step < steps; step++) {
    const pulls = rotationPulls(representationGradients(heads, kernels), { width: WIDTH, size });
    kernels = kernels.map((kernel, k) => [...Float32Array.from(turned(kernel, pulls[k]!, angle(step)))]);
  }
  return kernels;
}

const cosineOf = (gradients: readonly Float32Array[]) => gradientDiagnostics(gramianOf(gradients)).cosine;

/** The largest number of K Kᵀ − 1. */
function excess(kernel: readonly number[]): number {
  const size = Math.sqrt(kernel.length);
  const row = (i: number) => kernel.slice(i * size, (i + 1) * size);
  return Math.max(
    ...identity(size).map((one, i) =>
      Math.abs(row(Math.floor(i / size)).reduce((sum, value, j) => sum + value * row(i % size)[j]!, 0) - one),
    ),
  );
}

describe('rotations', () => {
  it('turn two gradients that are nearly against each other the same way', () => {
    const heads = opposite();
    const kernels = turnFor(heads, 400, { size: WIDTH, angle: () => 0.1 });
    expect(
      cosineOf(
        representationGradients(
          heads,
          heads.map(() => identity(WIDTH)),
        ),
      ),
    ).toBeLessThan(-0.9);
    expect(cosineOf(representationGradients(heads, kernels))).toBeGreaterThan(0.3);
    for (const kernel of kernels) expect(excess(kernel)).toBeLessThan(1e-6);
  });

  it('turn a vector to any other: in a batch of one row nothing of the conflict is left', () => {
    const heads = [
      [1, 2, 0, 0, 0],
      [-2, -4, 0.1, 0, 0],
    ];
    const kernels = turnFor(heads, 500, { size: WIDTH, angle: () => 0.1 });
    expect(cosineOf(representationGradients(heads, kernels))).toBeGreaterThan(0.999);
  });

  it('raise ⟨U_k, V⟩ at the rate of the pull, where R_k U_k and V are held fixed', () => {
    const gradients = randomGradients(1, [3, ROWS * WIDTH], 5)[0]!.map((row) => Float32Array.from(row));
    const size = 4;
    const pulls = rotationPulls(gradients, { width: WIDTH, size });
    const units = gradients.map((g) => [...g].map((value) => value / Math.hypot(...g)));
    const mean = units[0]!.map((_, i) => (units[0]![i]! + units[1]![i]! + units[2]![i]!) / 3);
    const agreement = (angle: number) => {
      const kernel = [...turned(identity(size), pulls[1]!, angle)];
      return [...backTurned(units[1]!, kernel, WIDTH)].reduce((sum, value, i) => sum + value * mean[i]!, 0);
    };
    const at = (a: number, b: number) => pulls[1]![a * size + b]!;
    const slope = identity(size).reduce(
      (sum, _, i) => sum + ((at(Math.floor(i / size), i % size) - at(i % size, Math.floor(i / size))) / 2) ** 2,
      0,
    );
    expect((agreement(0.01) - agreement(-0.01)) / 0.02).toBeCloseTo(slope, 4);
    expect(slope).toBeGreaterThan(1e-3);
  });

  it('stay orthogonal for thousands of steps in float32, and are rotations', () => {
    const random = seeded(9);
    let kernel: ArrayLike<number> = identity(3);
    for (let step = 0; step < 5000; step++)
      kernel = Float32Array.from(
        turned(
          kernel,
          Array.from(random.normal(9), (x) => x / 3),
          0.3,
        ),
      );
    expect(excess([...(kernel as Float32Array)])).toBeLessThan(1e-6);
    const [a, b, c, d, e, f, g, h, i] = kernel as unknown as number[];
    expect(a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!)).toBeCloseTo(1, 5);
    expect(Math.abs(a! - 1)).toBeGreaterThan(0.01);
  });

  it('do nothing for one task, for gradients that agree, and for a task without a gradient', () => {
    const g = Float32Array.from(randomGradients(1, [1, ROWS * WIDTH], 2)[0]![0]!);
    for (const gradients of [[g], [g, g.map((value) => 4 * value)], [g, g.map(() => 0)]]) {
      for (const pull of rotationPulls(gradients, { width: WIDTH }))
        expect([...turned(identity(WIDTH), pull, 1)]).toEqual(identity(WIDTH));
    }
  });

  it('leave features past their size alone, and know no scale of a loss', () => {
    const heads = opposite();
    const scaled = heads.map((head, k) => head.map((value) => value * [1, 1000][k]!));
    const [one, other] = [heads, scaled].map((each) => turnFor(each, 20, { size: 3, angle: () => 0.1 }));
    one!.flat().forEach((value, i) => expect(value).toBeCloseTo(other!.flat()[i]!, 4));
    expect(one![0]).toHaveLength(9);
  });

  it('take gradients of one length only, row by row', () => {
    const [g, short] = [new Float32Array(10), new Float32Array(5)];
    expect(() => rotationPulls([g, short], { width: 5 })).toThrow(
      'Expected gradients of one length, 5 numbers a row, received 10, 5.',
    );
    expect(() => rotationPulls([g], { width: 4 })).toThrow('4 numbers a row');
    expect(() => rotationPulls([g], { width: 5, size: 6 })).toThrow('Expected a size from 1 to 5, received 6.');
  });
});

describe('rotoGrad', () => {
  const tasks = ['a', 'b'];
  const place = { step: 0, epoch: 0 };
  const conflict = {
    losses: [1, 1],
    gramian: [
      [4, -3],
      [-3, 9],
    ],
  };

  it('scales as rotoGradScale does, and makes all lengths equal', () => {
    const [balancer, plain] = [rotoGrad(), rotoGradScale()].map((spec) =>
      createBalancer(spec, { tasks, random: seeded(1) }),
    );
    for (const each of [balancer!, plain!])
      each.learn(place, {
        losses: [1, 1],
        gramian: [
          [1, 0],
          [0, 1],
        ],
      });
    const [a, b] = balancer!.weights(place, conflict) as [number, number];
    expect([a, b]).toEqual(plain!.weights(place, conflict));
    expect(a * 2).toBeCloseTo(b * 3, 12);
    expect(balancer!.state).toEqual(plain!.state);
  });

  it('leaves the scaling to another, at the representation', () => {
    const spec = rotoGrad({ scaling: gradNorm({ alpha: 0 }), learningRate: 0.1, decay: 1 });
    expect(balancerNeeds(spec)).toMatchObject({ of: 'representation', rotates: { learningRate: 0.1, decay: 1 } });
    const [balancer, plain] = [spec, gradNorm({ alpha: 0 })].map((each) =>
      createBalancer(each, { tasks, random: seeded(1) }),
    );
    for (const each of [balancer!, plain!]) each.learn(place, conflict);
    expect(balancer!.weights(place, conflict)).toEqual(plain!.weights(place, conflict));
    expect(
      createBalancer(rotoGrad({ scaling: plainSum() }), { tasks, random: seeded(1) }).weights(place, conflict),
    ).toEqual([1, 1]);
  });

  it('says what is wrong', () => {
    expect(() => rotoGrad({ size: 1 })).toThrow('Expected a whole number of 2 or more for rotograd.size, received 1.');
    expect(() => rotoGrad({ learningRate: 0 })).toThrow('rotograd.learningRate');
    expect(() => rotoGrad({ decay: 1.1 })).toThrow('Expected a number in (0, 1] for rotograd.decay, received 1.1.');
    expect(() => rotoGrad({ scaling: equalWeights() as never })).toThrow(
      'Expected a Gramian balancer for rotograd.scaling',
    );
    expect(() => rotoGrad({ scaling: rotoGrad() })).toThrow('Expected a Gramian balancer for rotograd.scaling');
    expect(() => rotoGrad({ rate: 1 } as never)).toThrow('Expected an option of rotograd, received "rate".');
    expect(createBalancer(rotoGrad({ scaling: caGrad() }), { tasks, random: seeded(1) }).contract).toBe('gramian');
  });
});
