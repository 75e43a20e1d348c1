import { tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { linearExpert } from './linear-expert.ts';

describe('linearExpert', () => {
  it('gives x W + b, each member with its own W and b', () => {
    const bank = tinyBank(linearExpert({ units: 2 }), { members: ['a.0', 'b.0'], inputDim: 2 });
    bank.write('e.kernel', [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 1],
        [-1, 0],
      ],
    ]);
    bank.write('e.bias', [[[10, 20]], [[0, 0.5]]]);
    // a: [1·1 + 2·3 + 10, 1·2 + 2·4 + 20]; b: [5·0 + 6·(−1), 5·1 + 6·0 + 0.5]
    expect(bank.run([[[1, 2]], [[5, 6]]])).toEqual([[[17, 30]], [[-6, 5.5]]]);
  });

  it('has no bias when told so', () => {
    const bank = tinyBank(linearExpert({ units: 2, bias: false }));
    expect(bank.store.all().map(({ name, variable }) => [name, variable.shape])).toEqual([['e.kernel', [3, 3, 2]]]);
    expect(bank.run([[[0, 0, 0]]])).toEqual([[[0, 0]], [[0, 0]], [[0, 0]]]);
  });

  it('starts within ±1/√inputDim', () => {
    const { store } = tinyBank(linearExpert({ units: 50 }), { inputDim: 16 });
    for (const { variable } of store.all()) {
      const largest = Math.max(...variable.dataSync().map(Math.abs));
      expect(largest).toBeLessThanOrEqual(0.25);
      expect(largest).toBeGreaterThan(0.2);
    }
  });

  it('is born different in every place', () => {
    const [a, b, c] = tinyBank(linearExpert({ units: 4 })).run([tinyRows(1, 3)]);
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(c);
  });

  it('gives as many numbers as it reads unless told otherwise', () => {
    expect(tinyBank(linearExpert({}), { inputDim: 5 }).bank.outputDim).toBe(5);
  });

  it.each([
    [{ units: 0 }, 'Expected a whole number of 1 or more for linear.units, received 0'],
    [{ units: 2.5 }, 'for linear.units, received 2.5'],
    [{ units: 2, bais: false }, 'Expected an option of linear, received "bais". Did you mean "bias"?'],
    [{ units: 2, bias: 'no' }, 'Expected true or false for linear.bias, received "no"'],
  ])('refuses %j', (config, message) => {
    expect(() => linearExpert(config as { units: number })).toThrow(message);
  });
});
