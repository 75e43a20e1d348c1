import { listOf, optional, sum, text } from '@polytask/components';
import { seeing, termsOf, type GateOptions, type GateSpec, type Visibility } from '@polytask/core';
import { visibleExperts } from '@polytask/core/internal';
import { check, expectThat, type Check } from '../cases/case.ts';
import type { ModelOf } from '../subject.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema, tinyModel } from '../tiny/tiny-model.ts';
import { tinyLevel, TINY_UNITS, type TinyLevel } from '../tiny/tiny-level.ts';

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
    const networkOf = (gate: GateSpec) => tinyNetwork({ gate, levels: 2 });
    /** A check of a level for each unit and visibility, with whether any term of the gate sees the expert. */
    const ofUnits = (
      holds: (level: TinyLevel, visible: readonly boolean[], unit: string) => void,
      ...about: [fix: string, asked?: Check[2]]
    ) =>
      check(
        () => {
          for (const sees of VISIBILITIES)
            for (const [u, { name }] of TINY_UNITS.entries()) {
              const gate = seeing(typeof sees === 'string' ? sees : [sees[u]!], spec);
              const own = tinyLevel(gate, { outputs: [name], rows: 5, features });
              const { outputs, experts } = own.level;
              const terms = termsOf(gate).map(
                ({ config }) => visibleExperts((config as GateOptions).sees ?? 'all', outputs, experts)[0]!,
              );
              try {
                holds(
                  own,
                  experts.map((_, e) => terms.some((sees) => sees[e])),
                  name,
                );
              } finally {
                own.store.dispose();
              }
            }
        },
        ...about,
      );
    return {
      ...{ spec, parameters: /gates/, fuses: true },
      model: ({ spec: own = spec, ...of }: ModelOf<GateSpec> = {}) =>
        tinyModel(networkOf(own), { ...of, features: features && tinySchema(features) }),
      ...(!features && { way: () => ({ network: networkOf(spec) }) }),
      own: {
        'what a unit does not see has weight 0 and no gradient': ofUnits((own, visible, unit) => {
          const gradients = own.gradients();
          own.store.trainable().forEach(({ name, variable, live }) => {
            const [gradient, values] = [gradients[name]!, variable.dataSync()];
            const size = gradient.length / visible.length;
            const isHidden = (i: number) => name.startsWith('l.experts.') && !visible[Math.floor(i / size)];
            const at = gradient.findIndex((value, i) => isHidden(i) && value !== 0);
            const none = `no weight of unit ${unit}, and no gradient, for an expert that it doesn't see`;
            expectThat(at < 0, none, `the gradient ${gradient[at]} in ${name}[${at}]`);
            const moving = gradient.filter((value, i) => value !== 0 || values[i] !== 0).length;
            expectThat(moving <= live, `at most ${live} numbers of ${name} that are or become other than 0`, moving);
          });
        }, 'Multiply the weights by mask, and make parameters over the experts with overExperts, masked in each use.'),
        'weights are 0 or more and sum to 1': ofUnits(
          (own, visible, unit) => {
            if (!visible.some(Boolean)) return;
            const parts = Object.values(own.weights()).flatMap((part) => (part ? [part[0]!] : []));
            const most = parts.reduce((a, b) => (a.length < b.length ? b : a), []);
            most.forEach((_, row) => {
              const weights = visible.map((__, e) => sum(parts, (rows) => (rows[row] ?? rows[0]!)[e]!));
              const fits = weights.every((weight) => weight >= 0) && Math.abs(sum(weights) - 1) <= 1e-5;
              const seen = weights.map((weight) => weight.toPrecision(4)).join(', ');
              const what = `weights that are 0 or more and sum to 1 for unit ${unit}`;
              expectThat(fits, what, `${seen}, in all ${sum(weights).toPrecision(6)}`);
            });
          },
          'Normalize over the visible experts alone, or leave `normalized` out of the traits.',
          ({ normalized }) => normalized,
        ),
      },
    };
  },
);
