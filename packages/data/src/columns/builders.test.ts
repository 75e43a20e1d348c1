import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Growing, listsBuilder, numbersBuilder, textsBuilder, vectorsBuilder } from './builders.ts';
import { cellReader } from './cells.ts';

describe('Growing', () => {
  it.each([0, 1, 63, 64, 65, 191, 192, 193, 32_767, 32_768, 32_769, 100_000])(
    'gives back %i values in their order',
    (count) => {
      const growing = new Growing(Int32Array);
      for (let i = 0; i < count; i++) growing.push(i * 3);
      const all = growing.toArray();
      expect(all.length).toBe(count);
      expect(all.every((value, i) => value === i * 3)).toBe(true);
    },
  );
});

describe('numbersBuilder', () => {
  it('reads the number that a text stands for, whatever that is', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (numbers) => {
        const builder = numbersBuilder();
        builder.addAll(Float64Array.from(numbers, (number) => builder.read(String(number))!));
        expect(Array.from(builder.finish())).toEqual(numbers.map((number) => number + 0 || 0));
      }),
    );
  });

  it('takes what is missing as NaN and adds nothing for what is no number', () => {
    const builder = numbersBuilder(cellReader(undefined, { missing: ['?', '-999'] }));
    expect(['', '?', '-999'].map(builder.read)).toEqual([NaN, NaN, NaN]);
    expect([null, undefined, NaN, ''].map(builder.push)).toEqual([true, true, true, true]);
    expect(['x', '1,5', 'Infinity', 'NaN', '12 kg'].map(builder.read)).toEqual(Array(5).fill(undefined));
    expect(['1', Infinity, [], {}, 1n].map(builder.push)).toEqual([false, false, false, false, false]);
    builder.push(true);
    expect(Array.from(builder.finish())).toEqual([...Array<number>(4).fill(NaN), 1]);
  });
});

describe('textsBuilder', () => {
  it('is undone by its dictionary', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(null))), (values) => {
        const builder = textsBuilder();
        values.forEach((value) => builder.push(value));
        const { codes, dictionary } = builder.finish();
        expect(Array.from(codes, (code) => (code < 0 ? null : dictionary[code]))).toEqual(
          values.map((value) => value || null),
        );
        expect(new Set(dictionary).size).toBe(dictionary.length);
      }),
    );
  });

  it('takes numbers and booleans by their text and refuses other things', () => {
    const builder = textsBuilder();
    expect([7, '7', true, NaN].map(builder.push)).toEqual([true, true, true, true]);
    expect([{}, [], Symbol('s')].map(builder.push)).toEqual([false, false, false]);
    const { codes, dictionary } = builder.finish();
    expect(Array.from(codes)).toEqual([0, 0, 1, -1]);
    expect(dictionary).toEqual(['7', 'true']);
  });
});

describe('listsBuilder', () => {
  it('reads arrays and texts alike, without empty and missing values', () => {
    const builder = listsBuilder('|', 'left-out', cellReader(undefined, { missing: ['?'] }));
    for (const value of ['a|b', ['b', 'a', null], '', null, [], 'c']) expect(builder.push(value)).toBe(true);
    const index = builder.read('a | ? || c')!;
    builder.addAll(Float64Array.of(index, index));
    expect(builder.push(['a', {}])).toBe(false);
    const { offsets, codes, dictionary } = builder.finish();
    const rows = Array.from({ length: offsets.length - 1 }, (_, r) =>
      Array.from(codes.subarray(offsets[r], offsets[r + 1]), (code) => dictionary[code]),
    );
    expect(rows).toEqual([['a', 'b'], ['b', 'a'], [], [], [], ['c'], ['a', 'c'], ['a', 'c']]);
  });
});

describe('vectorsBuilder', () => {
  it('takes exactly so many finite numbers', () => {
    const builder = vectorsBuilder(2);
    expect([[1, 2], Float32Array.of(3, 4)].map(builder.push)).toEqual([true, true]);
    expect([[1], [1, NaN], [1, '2'], null, 5, { length: 2 }].map(builder.push)).toEqual(Array(6).fill(false));
    expect(Array.from(builder.finish().values)).toEqual([1, 2, 3, 4]);
  });
});
