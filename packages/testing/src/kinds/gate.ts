import { listOf, optional, sum, text } from '@polytask/components';
import { seeing, type GateOptions, type GateSpec, type Unit, type Visibility, termsOf } from '@polytask/core';
import { visibleExperts } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { gradientNumbers } from '../tiny/numbers.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { tinyLevel, TINY_UNITS, type TinyLevel, type TinyLevelOptions } from '../tiny/tiny-level.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** The named visibilities, and a matrix that differs from all of them. The columns are a.0, a.1, b.0, shared.0. */
const VISIBILITIES: readonly Visibility[] = [
  'all',
  'own',
  'own+shared',
  [
    [1, 0, 1, 0],
    [0, 1, 1, 1],
    [0, 0, 0, 1],
  ],
];

/** Makes a level with a gate. */
type ProbeOf = (gate: GateSpec, options?: TinyLevelOptions) => TinyLevel;

/** Uses a level for each visibility, with whether any term of the gate sees the expert, [unit][expert]. */
function forEachVisibility(
  spec: GateSpec,
  probeOf: ProbeOf,
  use: (probe: TinyLevel, visible: readonly (readonly boolean[])[]) => void,
): void {
  for (const sees of VISIBILITIES) {
    const gate = seeing(sees, spec);
    withProbe(probeOf(gate), (probe) => {
      const { outputs, experts } = probe.level;
      const terms = termsOf(gate).map(({ config }) =>
        visibleExperts((config as GateOptions).sees ?? 'all', outputs, experts),
      );
      const visible = outputs.map((_, u) => experts.map((__, e) => terms.some((of) => of[u]![e])));
      use(probe, visible);
    });
  }
}

/** The parameters of experts that a unit doesn't see have no gradient from it, and those over experts stay at 0. */
function expectNoGradient(probe: TinyLevel, unit: string, visible: readonly boolean[]): void {
  const parameters = probe.store.trainable();
  const gradients = gradientNumbers(
    () => tf.sum(tf.square(probe.run(false)[`the next vector of ${unit}`]!)),
    parameters,
  );
  parameters.forEach(({ name, variable, live }) => {
    const gradient = gradients[name]!;
    const values = variable.dataSync();
    const size = gradient.length / visible.length;
    const hidden = (i: number) => name.startsWith('l.experts.') && !visible[Math.floor(i / size)];
    const at = gradient.findIndex((value, i) => hidden(i) && value !== 0);
    const none = `no gradient from unit ${unit} for an expert that it doesn't see`;
    expectThat(at < 0, none, `${gradient[at]} in ${name}[${at}]`);
    const moving = gradient.filter((value, i) => value !== 0 || values[i] !== 0).length;
    expectThat(moving <= live, `at most ${live} numbers of ${name} that are or become other than 0`, moving);
  });
}

const options = {
  /**
   * The names of the features that the gate reads. In a level they are columns of its input, in models categories, or the vector `x`.
   * Default: none.
   */
  features: optional(listOf(text)),
};

/**
 * Tests a gate, in a level of its own, and in models.
 *
 * @example testGate(softmaxGate({ temperature: 2 }), { runner });
 */
export const testGate = tester(
  { kind: 'gate', options, variant: ({ config }) => ({ config: config('unit') }) },
  (spec: GateSpec, { features }) => {
    const probeOf: ProbeOf = (gate, rest) => tinyLevel(gate, { rows: 5, ...rest, features });
    const network = tinyNetwork({ gate: spec, levels: 2 });
    return {
      spec,
      probe: probeOf,
      model: (tasks = ['a', 'b']) => tinyModel(network, { tasks, features: features && tinySchema(features) }),
      fuses: true,
      ...(!features && { way: () => ({ network }) }),
      own: {
        'what a unit does not see has weight 0 and no gradient': check(
          'Multiply the weights by mask, and make parameters over the experts with overExperts, masked wherever they are used.',
          () =>
            forEachVisibility(spec, probeOf, (probe, visible) => {
              const { outputs, experts } = probe.level;
              for (const part of Object.values(probe.weights()))
                part?.forEach((rows, u) =>
                  rows.flat().forEach((weight, i) => {
                    const e = i % experts.length;
                    const what = `weight 0 where unit ${outputs[u]} doesn't see expert ${experts[e]!.unit}.${experts[e]!.index}`;
                    expectThat(visible[u]![e]! || weight === 0, what, weight);
                  }),
                );
              outputs.forEach((unit, u) => expectNoGradient(probe, unit, visible[u]!));
            }),
        ),
        'weights are 0 or more and sum to 1': check(
          'Normalize over the visible experts alone, or leave `normalized` out of the traits.',
          () =>
            forEachVisibility(spec, probeOf, (probe, visible) => {
              const parts = Object.values(probe.weights()).filter((part) => part !== undefined);
              const rows = Math.max(...parts.map((part) => part[0]!.length));
              visible.forEach((sees, u) => {
                if (!sees.some(Boolean)) return;
                for (let row = 0; row < rows; row++) {
                  const weights = sees.map((_, e) => sum(parts, (part) => (part[u]![row] ?? part[u]![0]!)[e]!));
                  const total = sum(weights);
                  const fits = weights.every((weight) => weight >= 0) && Math.abs(total - 1) <= 1e-5;
                  const seen = `${weights.map((weight) => weight.toPrecision(4)).join(', ')}, in all ${total.toPrecision(6)}`;
                  expectThat(fits, `weights that are 0 or more and sum to 1 for unit ${probe.level.outputs[u]}`, seen);
                }
              });
            }),
          ({ normalized }) => normalized,
        ),
        'units are treated by name, whatever their order': check(
          'Make parameters over the experts with overExperts, and go by names or by visible and native, not by places.',
          () => {
            const byName = (units: readonly Unit[]): Numbers =>
              withProbe(probeOf(spec, { units }), (probe) => {
                const { outputs, experts } = probe.level;
                const columns = Object.entries(probe.weights()).flatMap(([part, weights]) =>
                  outputs.flatMap((unit, u) =>
                    experts.map((place, e): [string, number[]] => [
                      `${part} weight of ${place.unit}.${place.index} for ${unit}`,
                      weights?.[u]!.map((row) => row[e]!) ?? [],
                    ]),
                  ),
                );
                return Object.fromEntries(columns);
              });
            const [a, b, shared] = TINY_UNITS as readonly [Unit, Unit, Unit];
            const what = 'the same weights when the units stand in another order';
            expectAgreement(byName([b, a, shared]), byName(TINY_UNITS), 1e-5, what);
          },
        ),
      },
    };
  },
);
