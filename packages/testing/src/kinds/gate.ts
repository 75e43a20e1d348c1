import { listOf, optional, sum, text } from '@polytask/components';
import { seeing, type GateOptions, type GateSpec, type Unit, type Visibility, termsOf } from '@polytask/core';
import { visibleExperts } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement } from '../cases/agreement.ts';
import { check, expectThat, type Check } from '../cases/case.ts';
import { withProbe } from '../tiny/probe.ts';
import { tester, type Kind } from '../tester.ts';
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

/** The weights of each part of W, for each unit and expert: a number for each row, or one for all. */
const cellsOf = (own: TinyLevel) =>
  Object.entries(own.weights()).flatMap(([part, values]) =>
    own.level.outputs.flatMap((unit, u) =>
      own.level.experts.map((place, e) => {
        const expert = `${place.unit}.${place.index}`;
        return { part, u, e, unit, expert, rows: values?.[u]!.map((row) => row[e]!) ?? [] };
      }),
    ),
  );

/** The parameters of experts that a unit doesn't see have no gradient from it, and those over experts stay at 0. */
function expectNoGradient(probe: TinyLevel, unit: string, visible: readonly boolean[]): void {
  const parameters = probe.store.trainable();
  const loss = () => tf.sum(tf.square(probe.run(false)[`the next vector of ${unit}`]!)) as tf.Scalar;
  const gradients = gradientNumbers(loss, parameters);
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

const KIND: Kind<typeof options> = { kind: 'gate', options, variant: ({ config }) => ({ config: config('unit') }) };

/**
 * Tests a gate, in a level of its own, and in models.
 *
 * @example testGate(softmaxGate({ temperature: 2 }), { runner });
 */
export const testGate = tester(KIND, (spec: GateSpec, { features }) => {
  const probe = (gate: GateSpec, rest?: TinyLevelOptions) => tinyLevel(gate, { rows: 5, ...rest, features });
  const network = tinyNetwork({ gate: spec, levels: 2 });
  /** A check of a level for each visibility, with whether any term of the gate sees the expert, [unit][expert]. */
  const ofLevels = (
    holds: (level: TinyLevel, visible: readonly (readonly boolean[])[]) => void,
    ...about: [fix: string, asked?: Check[2]]
  ) =>
    check(
      () => {
        for (const sees of VISIBILITIES) {
          const gate = seeing(sees, spec);
          withProbe(probe(gate), (own) => {
            const { outputs, experts } = own.level;
            const terms = termsOf(gate).map(({ config }) =>
              visibleExperts((config as GateOptions).sees ?? 'all', outputs, experts),
            );
            const visible = outputs.map((_, u) => experts.map((__, e) => terms.some((of) => of[u]![e]!)));
            holds(own, visible);
          });
        }
      },
      ...about,
    );
  return {
    ...{ spec, probe, fuses: true },
    model: (tasks = ['a', 'b']) => tinyModel(network, { tasks, features: features && tinySchema(features) }),
    ...(!features && { way: () => ({ network }) }),
    own: {
      'what a unit does not see has weight 0 and no gradient': ofLevels((own, visible) => {
        for (const { u, e, unit, expert, rows } of cellsOf(own)) {
          const weight = rows.find((each) => each !== 0) ?? 0;
          const what = `weight 0 where unit ${unit} doesn't see expert ${expert}`;
          expectThat(visible[u]![e]! || weight === 0, what, weight);
        }
        own.level.outputs.forEach((unit, u) => expectNoGradient(own, unit, visible[u]!));
      }, 'Multiply the weights by mask, and make parameters over the experts with overExperts, masked in each use.'),
      'weights are 0 or more and sum to 1': ofLevels(
        (own, visible) => {
          const cells = cellsOf(own);
          const count = Math.max(...cells.map(({ rows }) => rows.length));
          visible.forEach((sees, u) => {
            if (!sees.some(Boolean)) return;
            for (let row = 0; row < count; row++) {
              const weights = sees.map((_, e) =>
                sum(cells, (cell) => (cell.u === u && cell.e === e ? (cell.rows[row] ?? cell.rows[0] ?? 0) : 0)),
              );
              const fits = weights.every((weight) => weight >= 0) && Math.abs(sum(weights) - 1) <= 1e-5;
              const seen = weights.map((weight) => weight.toPrecision(4)).join(', ');
              const what = `weights that are 0 or more and sum to 1 for unit ${own.level.outputs[u]}`;
              expectThat(fits, what, `${seen}, in all ${sum(weights).toPrecision(6)}`);
            }
          });
        },
        'Normalize over the visible experts alone, or leave `normalized` out of the traits.',
        ({ normalized }) => normalized,
      ),
      'units are treated by name, whatever their order': check(() => {
        const byName = (units: readonly Unit[]) =>
          Object.fromEntries(
            withProbe(probe(spec, { units }), cellsOf).map(({ part, unit, expert, rows }) => [
              `${part} weight of ${expert} for ${unit}`,
              rows,
            ]),
          );
        const [a, b, shared] = TINY_UNITS as readonly [Unit, Unit, Unit];
        const what = 'the same weights when the units stand in another order';
        expectAgreement(byName([b, a, shared]), byName(TINY_UNITS), 1e-5, what);
      }, 'Make parameters over the experts with overExperts, and go by names or by visible and native, not by places.'),
    },
  };
});
