import { binary, denseSchema, expertVariants, gateVariants, multiTaskModel } from '@polytask/core';
import { expect, it } from 'vitest';
import { type SuiteChoices, createSuite } from '../suites/suite.ts';
import { modelVariants, partsOf, withExchange } from './model-variant.ts';

const SIZE = { levels: [8, 4], experts: 6, tower: [3], embedding: 2 };
const TASKS = ['a', 'b', 'c'];
const labels = (models: readonly string[], exchange: Parameters<typeof withExchange>[1]) =>
  withExchange(modelVariants(models), exchange).map(({ label }) => label);

it('every model comes with its own parts, and with each expert and gate that it can take', () => {
  expect(labels(['single-task', 'adatt'], { experts: ['mlp', 'swiglu'], gates: ['noisy-top-k'] })).toEqual([
    'single-task',
    'single-task [swiglu]',
    'adatt',
    'adatt [noisy-top-k]',
    'adatt [swiglu]',
    'adatt [swiglu, noisy-top-k]',
  ]);
  expect(labels(['logistic-regression', 'mmoe'], { gates: ['constant'] })).toEqual([
    'logistic-regression',
    'mmoe',
    'mmoe [constant]',
  ]);
});

it('the network has the parts; a gate reads what the architecture reads, and deep experts are sequences', () => {
  const parts = (model: string) =>
    withExchange(modelVariants([model]), { experts: ['glu'], gates: ['softmax'] }).map((variant) =>
      JSON.stringify(partsOf(variant, SIZE, TASKS).network),
    );
  const [own, , , both] = parts('mmoe');
  expect(own).not.toContain('gated');
  expect(both).toContain('"gated"'); // the name that glu is saved under
  expect(both).toContain('"sequential"'); // one level of two layers
  expect(both).toContain('"reads":"raw"');
  expect(parts('adatt')[3]).toContain('"reads":"unit"');
});

const schema = denseSchema(5, { a: binary(), b: binary(), c: binary() });
const EXPERTS = expertVariants().flatMap(({ name }) => (name === 'mlp' ? [] : [name])); // mlp is every model's own
const GATES = gateVariants().map(({ name }) => name);

it.each(['mmoe', 'ml-mmoe', 'cgc', 'ple', 'adatt-sp', 'adatt'])(
  '%s can be built with every expert and gate',
  (model) => {
    const variants = withExchange(modelVariants([model]), { experts: EXPERTS, gates: GATES });
    expect(variants).toHaveLength((EXPERTS.length + 1) * (GATES.length + 1));
    for (const variant of variants) {
      multiTaskModel({ schema, ...partsOf(variant, SIZE, TASKS), seed: 1 }).dispose();
    }
  },
);

it('refuses unknown names, and parts that no model takes', () => {
  expect(() => labels(['adatt'], { experts: ['swiglo'] })).toThrow('Did you mean "swiglu"?');
  expect(() => labels(['adatt'], { gates: ['topk'] })).toThrow('Expected a known gate, received "topk"');
  expect(() => labels(['single-task'], { gates: ['softmax'] })).toThrow(
    'Expected a model that can take another expert or gate, received single-task.',
  );
});

it('a suite has them by name', async () => {
  const suite = await createSuite({ suite: 'synthetic', models: ['single-task', 'adatt'], experts: ['swiglu'] });
  expect(suite.models.map(({ label }) => label)).toEqual([
    'single-task',
    'single-task [swiglu]',
    'adatt',
    'adatt [swiglu]',
  ]);
  expect(suite.baseline).toBe('single-task');
});

it('where the baseline of the suite is not run, the model with its own parts is the baseline', async () => {
  const baselineOf = async (choices: SuiteChoices) => (await createSuite({ suite: 'synthetic', ...choices })).baseline;
  expect(await baselineOf({ models: ['adatt'], experts: ['swiglu'], gates: ['noisy-top-k'] })).toBe('adatt');
  expect(await baselineOf({ models: ['mmoe', 'adatt'], balancers: ['pcgrad'] })).toBe('mmoe');
  expect(await baselineOf({ models: ['adatt'], experts: ['swiglu'], baseline: 'adatt [swiglu]' })).toBe(
    'adatt [swiglu]',
  );
  expect(await baselineOf({ models: ['mmoe', 'adatt'] })).toBe('single-task'); // the verdict asks for it
});
