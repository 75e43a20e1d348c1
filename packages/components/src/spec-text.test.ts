import { expect, test } from 'vitest';
import { define } from './registry.ts';
import { findEntry, readText, specText, splitList } from './spec-text.ts';

test.each([
  ['gradnorm', 'gradnorm', {}],
  ['gradnorm()', 'gradnorm', {}],
  [' gradnorm( alpha = 0.50 ) ', 'gradnorm', { alpha: 0.5 }],
  ['mlp(activation=gelu,dropout=1e-1)', 'mlp', { activation: 'gelu', dropout: 0.1 }],
  ['@acme/own/kan(grid=[1,2],norm={"kind":"x, (y)"})', '@acme/own/kan', { grid: [1, 2], norm: { kind: 'x, (y)' } }],
  ['date(parts=[week,"day of year"],from="1")', 'date', { parts: ['week', 'day of year'], from: '1' }],
  ['a(on=true,off=null,word=nan)', 'a', { on: true, off: null, word: 'nan' }],
])('%s', (text, name, options) => {
  expect(readText(text)).toEqual({ name, options });
  expect(readText(specText(name, options))).toEqual({ name, options });
});

test.each([
  ['gradnorm(alpha=0.5', 'received "gradnorm(alpha=0.5". Write gradnorm(option=value)'],
  ['gradnorm(0.5)', 'received "0.5" in "gradnorm(0.5)"'],
  ['gradnorm(alpha=)', 'received "alpha="'],
  ['gradnorm(alpha=0.5,)', 'received "" in'],
  ['gradnorm(alpha=1,alpha=2)', 'each option once in "gradnorm(alpha=1,alpha=2)", received alpha twice'],
  ['gradnorm(alpha=a b)', 'JSON or a word for alpha, received a b. Write texts with other signs in double quotes'],
])('%s is refused with what was expected', (text, message) => {
  expect(() => readText(text)).toThrow(message);
});

test('commas within brackets and quotes divide no list', () => {
  expect(splitList('a, b(x=[1,2],y="),") ,c')).toEqual(['a', 'b(x=[1,2],y="),")', 'c']);
});

const rows = [
  { name: 'shared-bottom', description: '' },
  { name: 'ml-mmoe', also: ['mmoe-multi-level'], description: '' },
];

test('a row is found by its name and by those that it is also known by, in any spelling', () => {
  expect(findEntry(rows, 'shared-bottom', 'model')).toBe(rows[0]);
  expect(findEntry(rows, 'mmoe-multi-level', 'model')).toBe(rows[1]);
  expect(findEntry(rows, 'ML_MMoE', 'model')).toBe(rows[1]);
});

test('an unknown name gets the nearest one and all the others', () => {
  expect(() => findEntry(rows, 'shared-botom', 'model')).toThrow(
    'Expected a known model, received "shared-botom". Did you mean "shared-bottom"? Known: shared-bottom, ml-mmoe.',
  );
  expect(() => findEntry(rows, 'transformer', 'model')).toThrow('Known: "shared-bottom", "ml-mmoe".');
});

test('a component that comparisons cannot build is not called unknown', () => {
  define('expert', 'test.unbuilt', () => 0);
  const unbuilt = () => findEntry(rows, 'test.unbuilt', 'expert');
  expect(unbuilt).toThrow('Expected `variant` in the definition of expert "test.unbuilt"');
  expect(unbuilt).toThrow('Known: shared-bottom, ml-mmoe.');
});

test('a component whose variants have other names gets these names', () => {
  define('network', 'test.renamed', () => 0, { variants: { 'test.small': {}, 'test.large': {} } });
  expect(() => findEntry(rows, 'test.renamed', 'model')).toThrow(
    'Expected a known model, received "test.renamed". Did you mean "test.small", "test.large"? Known: shared-bottom, ml-mmoe.',
  );
});
