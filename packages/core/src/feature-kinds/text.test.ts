import { expect, it } from 'vitest';
import { FIRST_CODE, hashOf } from '../features/codes.ts';
import { declaringOf } from '../features/feature-kind.ts';
import { rowEncoder } from '../features/rows.ts';
import { text, tokensOf } from './text.ts';

const fitted = (declared = text()) => declaringOf('text')!.fit(declared).finish();

it('has words, then sequences of words, then n-grams of characters', () => {
  expect(tokensOf('Hot  TEA!', { words: 2, characters: 3 })).toEqual([
    ...['hot', 'tea', 'hot tea'],
    ...['#ho', 'hot', 'ot#', '#te', 'tea', 'ea#'],
  ]);
  expect(tokensOf('a b c', { words: 3, characters: 0 })).toEqual(['a', 'b', 'c', 'a b', 'b c', 'a b c']);
  expect(tokensOf('', { words: 2, characters: 3 })).toEqual([]);
});

it('takes letters of all scripts, and the same character in two spellings as one', () => {
  expect(tokensOf('Crème—brûlée 東京', { words: 1, characters: 0 })).toEqual(['crème', 'brûlée', '東京']);
  const [composed, decomposed] = ['é', 'é'].map((each) => tokensOf(each, { words: 1, characters: 2 }));
  expect(composed).toEqual(decomposed);
  expect(tokensOf('😀 ok', { words: 1, characters: 0 })).toEqual(['ok']);
});

it('is a bag of hashed ids, and zeros for an empty text', () => {
  const feature = fitted(text({ buckets: 50, characters: 0, maxLength: 3 }));
  const { bagIds, bagWeights } = rowEncoder({ features: { note: feature } })([
    { note: 'one two three four' },
    { note: 'two' },
    { note: '' },
    { note: null },
  ]);
  const code = (word: string) => FIRST_CODE + (hashOf(word) % 50);
  expect([...bagIds.slice(0, 4)]).toEqual([code('one'), code('two'), code('three'), code('two')]);
  expect([...bagWeights]).toEqual([...[1, 1, 1].map((x) => Math.fround(x / 3)), 1, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it('has defaults, and refuses what it does not know', () => {
  expect(fitted()).toEqual({ kind: 'text', buckets: 16_384, words: 1, characters: 3, maxLength: 64, pooling: 'mean' });
  expect(fitted(text({ from: 'comment', words: 2 }))).not.toHaveProperty('from');
  expect(() => text({ pooling: 'max' as never })).toThrow('text.pooling');
  expect(() => rowEncoder({ features: { note: fitted() } })([{ note: ['a'] }])).toThrow('a string, a number or null');
});
