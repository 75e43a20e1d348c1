import { expect, test } from 'vitest';
import { planSuite } from '../plan-suite.ts';
import { partsOf } from '../models/model-entry.ts';
import { declaredSuites } from './declared-suites.ts';

test.each(declaredSuites.map(({ name }) => name))(
  '%s is a suite, each of whose models can be built at each size',
  async (name) => {
    const declaration = declaredSuites.find((each) => each.name === name)!;
    const onCensus = declaration.extends !== 'synthetic';
    const plan = await planSuite({ suite: name, directory: onCensus ? 'data' : undefined });
    expect(plan.contestants.map(({ label }) => label)).toContain(plan.baseline);
    const tasks = plan.suite.row.name === 'kuairand-pure' ? ['a', 'b', 'c', 'd', 'e'] : ['a', 'b', 'c'];
    for (const { size } of plan.settings)
      for (const contestant of plan.contestants) expect(partsOf(contestant, size, tasks).network.kind).toBe('network');
  },
);

test("the paper's sizes", async () => {
  const { settings } = await planSuite({ suite: 'ablation-residual', directory: 'data' });
  expect(settings.map(({ size }) => [size.experts, size.levels, size.tower])).toEqual([
    [6, [128, 64], [32]],
    [9, [96, 48], [32]],
  ]);
});
