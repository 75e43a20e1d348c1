import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { factorizationMachine, type FactorizationMachineOptions } from './factorization-machine.ts';

const { affine } = plain;

describe('factorizationMachine', () => {
  it('adds <v_i, v_j> x_i x_j over all pairs of inputs to an affine map: eq. 1, pair by pair', () => {
    const [units, factors] = [4, 3];
    const bank = tinyBank(factorizationMachine({ units, factors }));
    const stream = tinyRows(3 * 3, units * factors, 'factors');
    bank.write('e.factors', stream.flat());
    const inputs = [tinyRows(5, 3, 'a'), tinyRows(5, 3, 'b'), tinyRows(5, 3, 'c')];
    const expected = inputs.map((x, m) => {
      const v = (bank.read('e.factors') as number[][][])[m]!; // [input][units × factors]
      const linear = affine(
        x,
        (bank.read('e.kernel') as number[][][])[m]!,
        (bank.read('e.bias') as number[][][])[m]![0]!,
      );
      return x.map((row, r) =>
        linear[r]!.map((value, u) => {
          let sum = value;
          for (let i = 0; i < 3; i++)
            for (let j = i + 1; j < 3; j++)
              for (let f = 0; f < factors; f++)
                sum += v[i]![u * factors + f]! * v[j]![u * factors + f]! * row[i]! * row[j]!;
          return sum;
        }),
      );
    });
    expectClose(bank.run(inputs), expected);
  });

  it('has no term in the square of an input: on one feature it is affine', () => {
    const bank = tinyBank(factorizationMachine({ units: 1 }), { members: ['a.0'], inputDim: 3 });
    bank.write('e.factors', tinyRows(3, 8, 'v').flat());
    const [a, b, c] = [0, 1, 2].map((t) => bank.run([[[t, 0, 0]]])[0]![0]![0]!);
    expect(c! - b!).toBeCloseTo(b! - a!, 5);
  });

  it.each<[unknown, string]>([
    [{ units: 0 }, 'for factorisation-machine.units, received 0.'],
    [{ units: 2, factor: 3 }, 'Did you mean "factors"?'],
  ])('refuses %j', (config, message) => {
    expect(() => factorizationMachine(config as FactorizationMachineOptions)).toThrow(message);
  });
});
