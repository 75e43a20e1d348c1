import { expect, test } from 'vitest';
import { partsOf } from '../models/model-variant.ts';
import { suiteOf } from './suite.ts';
import { declaredSuites } from './suites.ts';

test.each(declaredSuites.map(({ name }) => name))(
  '%s is a suite, each of whose models can be built at each size',
  async (name) => {
    const declaration = declaredSuites.find((each) => each.name === name)!;
    const onCensus = declaration.extends !== 'synthetic';
    const suite = await suiteOf({ suite: name, directory: onCensus ? 'data' : undefined });
    expect(suite.models.map(({ label }) => label)).toContain(suite.baseline);
    const tasks = suite.row.name.startsWith('kuairand-pure') ? ['a', 'b', 'c', 'd', 'e'] : ['a', 'b', 'c'];
    for (const { size } of suite.settings)
      for (const model of suite.models) expect(partsOf(model, size, tasks).network.kind).toBe('network');
  },
);

test("the paper's sizes", async () => {
  const { settings } = await suiteOf({ suite: 'ablation-residual', directory: 'data' });
  expect(settings.map(({ size }) => [size.experts, size.levels, size.tower])).toEqual([
    [6, [128, 64], [32]],
    [9, [96, 48], [32]],
  ]);
});
