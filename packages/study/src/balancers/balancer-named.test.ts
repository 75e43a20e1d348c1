import { choose, unique } from '@polytask/components';
import { expect, test } from 'vitest';
import { balancers, balancerNamed } from './balancers.ts';

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
