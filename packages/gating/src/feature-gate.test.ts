import { binary, checks, defineNetwork, fusion, fusionWeights, multiTaskModel, ownUnits } from '@polytask/core';
import { tinyExpert } from '@polytask/testing/internal';
import { expect, it } from 'vitest';
import { featureGate } from './feature-gate.ts';

const network = defineNetwork(
  'test-preferred',
  ({ gate, experts }, tasks) =>
    fusion([
      { units: ownUnits(tasks).map((unit) => ({ ...unit, experts })), experts: tinyExpert(), outputs: tasks, gate },
    ]),
  { options: { gate: checks.component('gate'), experts: checks.wholeNumber(1) } },
);

const preferring = (experts: number, gate = featureGate({ feature: 'preference' })) =>
  multiTaskModel({
    schema: {
      features: { age: { kind: 'numeric', mean: 40, deviation: 10 }, preference: { kind: 'vector', width: 2 } },
      tasks: { a: binary(), b: binary(), c: binary() },
    },
    network: network({ gate, experts }),
    seed: 7,
  });

type Model = ReturnType<typeof preferring>;

/** The weights of a model's level for rows with these preferences, [rows × units × experts]. */
function weightsOf(model: Model, preferences: readonly (readonly [number, number])[]): number[] {
  const seen: number[] = [];
  const batch = () => model.encode(preferences.map((preference, i) => ({ age: 20 * i, preference })));
  const examples = { schema: model.schema, size: preferences.length, batch };
  fusionWeights(model, examples, { onWeights: (weights) => seen.push(...weights) });
  return seen.map((weight) => Number(weight.toFixed(6)));
}

it.each<[number, (p: number, q: number) => number[]]>([
  [1, (p, q) => [p / 2, p / 2, q]], // three experts: blocks of two and one
  [2, (p, q) => [p / 3, p / 3, p / 3, q / 3, q / 3, q / 3]],
])('shares each number among the experts of its block, %i a task, for all units', (experts, expected) => {
  const preferences = [
    [0.9, 0.1],
    [0.25, 0.75],
  ] as const;
  const wanted = preferences.flatMap(([p, q]) => [0, 1, 2].flatMap(() => expected(p, q)));
  expect(weightsOf(preferring(experts), preferences)).toEqual(wanted.map((weight) => Number(weight.toFixed(6))));
});

it('leaves out what a unit does not see', () => {
  const own = preferring(2, featureGate({ feature: 'preference', sees: 'own' }));
  expect(weightsOf(own, [[0.75, 0.25]])).toEqual([
    ...[0.25, 0.25, 0, 0, 0, 0],
    ...[0, 0, 0.25, 0.083333, 0, 0],
    ...[0, 0, 0, 0, 0.083333, 0.083333],
  ]);
});

it.each<[() => unknown, string]>([
  [() => featureGate({} as never), 'feature'],
  [() => preferring(1, featureGate({ feature: 'preferense' })), 'Did you mean "preference"?'],
  [
    () =>
      multiTaskModel({
        ...{ schema: { features: { p: { kind: 'vector', width: 4 } }, tasks: { a: binary() } } },
        network: network({ gate: featureGate({ feature: 'p' }), experts: 3 }),
        seed: 1,
      }),
    'Expected at least 4 experts, one for each number of "p", received 3',
  ],
])('refusal %#', (call, message) => {
  expect(call).toThrow(message);
});
