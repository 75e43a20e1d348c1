import { expect, test } from 'vitest';
import { balancers, balancerNamed } from './balancers/balancers.ts';
import { choose, readText, specText, splitList, unique } from './spec-text.ts';

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

test('equal options have one label, whatever their order and spelling', () => {
  const texts = ['gradnorm(learningRate=1e-2,alpha=2)', 'gradnorm(alpha=2.0, learningRate=0.01)'];
  const rows = texts.map((text) => balancerNamed(text));
  expect(rows.map(({ name }) => name)).toEqual(Array(2).fill('gradnorm(alpha=2,learningRate=0.01)'));
  expect(unique(rows)).toEqual([rows[0]]);
  for (const name of ['dwa', 'DWA', 'dynamic-weight-average'])
    expect(choose(balancers(), `${name}(temperature=3)`, 'balancer').label).toBe('dwa(temperature=3)');
  expect(balancerNamed('Nash_MTL@representation').name).toBe('nash-mtl@representation');
  expect(balancerNamed('conflict-free').spec?.name).toBe('config');
});

test('commas within brackets and quotes divide no list', () => {
  expect(splitList('a, b(x=[1,2],y="),") ,c')).toEqual(['a', 'b(x=[1,2],y="),")', 'c']);
});

test('options are checked by the definition of the component', () => {
  expect(balancerNamed('gradnorm(alpha=0.5)').spec).toMatchObject({ name: 'gradnorm', config: { alpha: 0.5 } });
  expect(balancerNamed('mgda@representation(normalize=norm)').spec!.config).toEqual({
    ...balancerNamed('mgda@representation').spec!.config,
    normalize: 'norm',
  });
  expect(() => balancerNamed('gradnorm(alhpa=0.5)')).toThrow('received "alhpa". Did you mean "alpha"?');
  expect(() => balancerNamed('gradnorm(alpha=big)')).toThrow('for gradnorm.alpha, received "big"');
  expect(() => balancerNamed('gradnrom(alpha=1)')).toThrow('received "gradnrom". Did you mean "gradnorm"?');
  expect(() => balancerNamed('equal(alpha=1)')).toThrow('no options of equal, received alpha');
});

test('a balancer without a default configuration is found with one', () => {
  const { name, spec } = balancerNamed('static-weights(weights={"a":2,"b":1})');
  expect(name).toBe('static-weights(weights={"a":2,"b":1})');
  expect(spec!.config).toEqual({ weights: { a: 2, b: 1 } });
  expect(() => balancerNamed('static-weights')).toThrow('static-weights.weights');
});
