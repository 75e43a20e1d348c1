import { expectClose, plain, tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { fieldAttention, type FieldAttentionOptions } from './field-attention.ts';

const { affine, softmax } = plain;

const [FIELDS, WIDTH] = [3, 2];
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const fieldsOf = (row: number[]) => Array.from({ length: FIELDS }, (_, f) => row.slice(f * WIDTH, (f + 1) * WIDTH));

describe('fieldAttention', () => {
  it.each([true, false])('is eq. 5 to 8 in plain loops, residual: %s', (residual) => {
    const [heads, units] = [2, 4];
    const bank = tinyBank(fieldAttention({ fields: FIELDS, heads, units, residual }), { inputDim: FIELDS * WIDTH });
    const inputs = ['a', 'b', 'c'].map((name) => tinyRows(5, FIELDS * WIDTH, name));
    const expected = inputs.map((x, m) => {
      const kernel = (name: string) => (bank.read(`e.0.${name}`) as number[][][])[m]!;
      return x.map((row) => {
        const e = fieldsOf(row);
        const [q, k, v] = ['query', 'key', 'value'].map((name) => affine(e, kernel(name)));
        const own = residual ? affine(e, kernel('residual')) : undefined;
        return e.flatMap((_, f) =>
          Array.from({ length: heads }, (__, h) => {
            const head = (vector: number[]) => vector.slice(h * units, (h + 1) * units);
            const weights = softmax(e.map((___, other) => dot(head(q![f]!), head(k![other]!))));
            return head(v![0]!).map((___, c) =>
              weights.reduce((sum, weight, other) => sum + weight * head(v![other]!)[c]!, 0),
            );
          })
            .flat()
            .map((value, c) => Math.max(0, value + (own ? own[f]![c]! : 0))),
        );
      });
    });
    expectClose(bank.run(inputs), expected);
  });

  it('knows fields by their vectors alone: in another order they come out in that order', () => {
    const bank = tinyBank(fieldAttention({ fields: FIELDS, layers: 2 }), {
      members: ['a.0'],
      inputDim: FIELDS * WIDTH,
    });
    const x = tinyRows(4, FIELDS * WIDTH);
    const turned = x.map((row) => [...row.slice(WIDTH), ...row.slice(0, WIDTH)]);
    const [out, moved] = [bank.run([x])[0]!, bank.run([turned])[0]!];
    const width = out[0]!.length / FIELDS;
    expectClose(
      moved,
      out.map((row) => [...row.slice(width), ...row.slice(0, width)]),
    );
  });

  it("refuses an input that doesn't split into so many fields", () => {
    expect(() => tinyBank(fieldAttention({ fields: 4 }), { inputDim: 6 })).toThrow(
      'Expected an input of 4 fields of one width for field-attention, received 6 numbers.',
    );
  });

  it.each<[unknown, string]>([
    [{}, 'Expected a whole number of 1 or more for field-attention.fields, received nothing.'],
    [{ fields: 3, heads: 0 }, 'for field-attention.heads, received 0.'],
    [{ fields: 3, unit: 2 }, 'Did you mean "units"?'],
  ])('refuses %j', (config, message) => {
    expect(() => fieldAttention(config as FieldAttentionOptions)).toThrow(message);
  });
});
