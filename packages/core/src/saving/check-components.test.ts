import { expect, it } from 'vitest';
import { defineExpert } from '../fusion/expert.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import '../features/schema.ts';
import { embed } from '../inputs/embed.ts';
import { checkComponents, packagesOf } from './check-components.ts';

const spec = (kind: string, name: string, config: unknown = {}) => ({ kind, name, config });
const schema = { features: { kind: { kind: 'hashed', name: 'none' } }, tasks: {} };

it('names every component that is not defined, once, and the package or file to import', () => {
  const levels = [
    {
      experts: spec('expert', 'mlp'),
      gate: spec('gate', 'sum', { terms: [spec('gate', 'softmax'), spec('gate', 'own')] }),
    },
    { experts: [spec('expert', 'mlp'), spec('expert', 'gated')], penalties: [spec('penalty', 'orthogonality')] },
  ];
  const config = {
    schema,
    network: spec('network', 'adatt', { levels }),
    tower: spec('expert', 'mine'),
    input: embed(),
  };
  const packages = {
    'network adatt': '@polytask/adatt',
    'expert mlp': '@polytask/experts',
    'expert gated': '@polytask/experts',
    'gate softmax': '@polytask/gating',
    'penalty orthogonality': '@polytask/baselines',
  };
  expect(() => checkComponents(config, packages)).toThrow(
    'Expected all components of the model to be defined, received 7 that are not: ' +
      'network "adatt", expert "mlp", gate "softmax", gate "own", expert "gated", penalty "orthogonality", expert "mine". ' +
      `Before load, import '@polytask/adatt' (adatt), '@polytask/experts' (mlp, gated), ` +
      `'@polytask/gating' (softmax), '@polytask/baselines' (orthogonality), the file that defines gate "own", expert "mine".`,
  );
});

it('has nothing to say of components that are defined, nor of what only looks like one', () => {
  expect(() =>
    checkComponents({ schema, input: embed(), seed: 7, note: { kind: 'numeric', name: 'age' } }),
  ).not.toThrow();
  expect(() => checkComponents({ schema, input: spec('input', 'own') })).toThrow(
    'received one that is not: input "own". Before load, import the file that defines input "own".',
  );
});

it('names the kinds of features, and of the values of lists', () => {
  const features = {
    born: { kind: 'my-features/date' },
    seen: { kind: 'id-sequence', values: { kind: 'my-features/isbn' } },
    age: { kind: 'numeric', mean: 0, deviation: 1 },
  };
  expect(() =>
    checkComponents({ schema: { features, tasks: {} } }, { 'feature my-features/date': 'my-features' }),
  ).toThrow(
    'received 2 that are not: feature "my-features/date", feature "my-features/isbn". ' +
      `Before load, import 'my-features' (my-features/date), the file that defines feature "my-features/isbn".`,
  );
});

it('finds the packages that definitions name', () => {
  const own = defineExpert('packaged', () => ({ outputDim: 1, apply: (x) => x }), { package: 'my-experts' });
  expect(packagesOf({ network: tinyNetwork({ units: 1 }), tower: own(), schema })).toEqual({
    'expert packaged': 'my-experts',
  });
});
