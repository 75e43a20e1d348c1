import { expect, it } from 'vitest';
import { randomGradients } from '../testing/random.ts';
import { length, directionOf, weightsOf } from '../testing/values.ts';
import { alignedMtl } from './aligned-mtl.ts';

it('makes orthogonal gradients as long as the shortest', () => {
  const weights = weightsOf(alignedMtl(), [
    [0, 2, 0],
    [0, 0, -5],
    [4, 0, 0],
  ]);
  [1, 0.4, 0.5].forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 12));
});

it('is √T times as long as the least principal component', () => {
  for (const jacobian of randomGradients(30, [2, 5])) {
    const [a, b] = jacobian as [number[], number[]];
    const [aa, bb, ab] = [length(a) ** 2, length(b) ** 2, a.reduce((sum, value, p) => sum + value * b[p]!, 0)];
    const least = (aa + bb) / 2 - Math.hypot((aa - bb) / 2, ab);
    expect(length(directionOf(alignedMtl(), jacobian)) / Math.sqrt(2 * least)).toBeCloseTo(1, 6);
  }
});

it('leaves out what is no direction: of two equal gradients there is one', () => {
  directionOf(alignedMtl(), [
    [3, 4],
    [3, 4],
  ]).forEach((value, p) => expect(value).toBeCloseTo([6, 8][p]!, 8));
});
