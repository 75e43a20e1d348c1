import { listOf, optional, text, traitsOf } from '@polytask/components';
import { seeing, type GateOptions, type GateSpec, type Unit, type Visibility, termsOf } from '@polytask/core';
import { visibleExperts } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import { sum } from '@polytask/components';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { checkFusionWeights } from '../checks/in-models.ts';
import { gateProbe, type GateProbe, type ProbeOf } from '../probes/gate-probe.ts';
import { outputsOf, withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { gradientNumbers } from '../tiny/numbers.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { TINY_UNITS } from '../tiny/tiny-level.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** Weights are finite for one row and for more, in training and not. The level itself checks the shape of W. */
function checkShapes(spec: GateSpec, probeOf: ProbeOf): void {
  for (const rows of [1, 5]) {
    withProbe(probeOf(spec, { rows }), (probe) => {
      for (const training of [false, true]) {
        expectFinite(
          outputsOf(probe, training),
          'Guard logarithms, divisions and roots at 0, and a softmax of nothing.',
        );
      }
    });
  }
}

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

/** Whether any term of the gate sees the expert, [unit][expert]. */
function visibleTo(spec: GateSpec, { level }: GateProbe): boolean[][] {
  const terms = termsOf(spec).map(({ config }) =>
    visibleExperts((config as GateOptions).sees ?? 'all', level.outputs, level.experts),
  );
  return terms[0]!.map((row, u) => row.map((_, e) => terms.some((visible) => visible[u]![e])));
}

/** Runs `use` on a level for each visibility. */
function forEachVisibility(
  spec: GateSpec,
  probeOf: ProbeOf,
  use: (probe: GateProbe, visible: boolean[][]) => void,
): void {
  for (const sees of VISIBILITIES) {
    const gate = seeing(sees, spec);
    withProbe(probeOf(gate), (probe) => use(probe, visibleTo(gate, probe)));
  }
}

/** A unit's weight for an expert that the unit doesn't see is 0, has no gradient, and keeps its parameters at 0. */
function checkVisible(spec: GateSpec, probeOf: ProbeOf): void {
  forEachVisibility(spec, probeOf, (probe, visible) => {
    const { outputs, experts } = probe.level;
    const { gated, constant } = probe.weights();
    for (const part of [gated, constant]) {
      part?.forEach((rows, u) =>
        rows.forEach((row) =>
          row.forEach((weight, e) => {
            if (visible[u]![e] || weight === 0) return;
            broken({
              expected: `weight 0 where unit ${outputs[u]} doesn't see expert ${experts[e]!.unit}.${experts[e]!.index}`,
              seen: String(weight),
              fix: 'Multiply the weights by mask, and make parameters over the experts with overExperts.',
            });
          }),
        ),
      );
    }
    outputs.forEach((unit, u) => expectNoGradient(probe, unit, visible[u]!));
  });
}

function expectNoGradient(probe: GateProbe, unit: string, visible: readonly boolean[]): void {
  const parameters = probe.store.trainable();
  const gradients = gradientNumbers(() => tf.sum(tf.square(probe.apply().get(unit)!)) as tf.Scalar, parameters);
  parameters.forEach(({ name, variable, live }) => {
    const gradient = gradients[name]!;
    const values = variable.dataSync();
    const size = gradient.length / visible.length;
    const hidden = (i: number) => name.startsWith('l.experts.') && !visible[Math.floor(i / size)];
    const at = gradient.findIndex((value, i) => hidden(i) && value !== 0);
    if (at >= 0) {
      broken({
        expected: `no gradient from unit ${unit} for an expert that it doesn't see`,
        seen: `${gradient[at]} in ${name}[${at}]`,
        fix: 'Multiply the weights by mask.',
      });
    }
    const moving = gradient.filter((value, i) => value !== 0 || values[i] !== 0).length;
    if (moving > live) {
      broken({
        expected: `at most ${live} numbers of ${name} that are or become other than 0`,
        seen: String(moving),
        fix: 'Mask what a parameter over the experts is used for, so that its dead columns get no gradient.',
      });
    }
  });
}

/** Weights are 0 or more, and sum to 1 over the experts that a unit sees. */
function checkNormalized(spec: GateSpec, probeOf: ProbeOf): void {
  forEachVisibility(spec, probeOf, (probe, visible) => {
    const { gated, constant } = probe.weights();
    const rows = Math.max(gated?.[0]?.length ?? 1, constant?.[0]?.length ?? 1);
    const weightsOf = (u: number, row: number) =>
      visible[u]!.map((_, e) => sum([gated, constant], (part) => part?.[u]![part[u]!.length === 1 ? 0 : row]![e] ?? 0));
    visible.forEach((sees, u) => {
      if (!sees.some(Boolean)) return;
      for (let row = 0; row < rows; row++) {
        const weights = weightsOf(u, row);
        const total = sum(weights);
        if (weights.some((weight) => weight < 0) || Math.abs(total - 1) > 1e-5) {
          broken({
            expected: `weights that are 0 or more and sum to 1 for unit ${probe.level.outputs[u]}`,
            seen: `${weights.map((weight) => weight.toPrecision(4)).join(', ')}, in all ${total.toPrecision(6)}`,
            fix: 'Normalize over the visible experts alone, or leave `normalized` out of the traits.',
          });
        }
      }
    });
  });
}

/** With the same seed, units listed in another order have the same weights by name. */
function checkUnitOrder(spec: GateSpec, probeOf: ProbeOf): void {
  const reordered = [TINY_UNITS[1]!, TINY_UNITS[0]!, TINY_UNITS[2]!];
  expectAgreement(byName(spec, probeOf, reordered), byName(spec, probeOf, TINY_UNITS), 1e-5, {
    what: 'the same weights when the units stand in another order',
    fix: 'Make parameters over the experts with overExperts, and go by names or by visible and native, not by places.',
  });
}

/** The weights of all rows, by unit and expert. */
const byName = (spec: GateSpec, probeOf: ProbeOf, units: readonly Unit[]): Numbers =>
  withProbe(probeOf(spec, { units }), (probe) => {
    const { outputs, experts } = probe.level;
    const parts = Object.entries(probe.weights()).filter(
      (part): part is [string, number[][][]] => part[1] !== undefined,
    );
    const columns = parts.flatMap(([part, weights]) =>
      outputs.flatMap((unit, u) =>
        experts.map(
          (place, e) =>
            [`${part} weight of ${place.unit}.${place.index} for ${unit}`, weights[u]!.map((row) => row[e]!)] as const,
        ),
      ),
    );
    return Object.fromEntries(columns);
  });

const options = {
  /**
   * The names of the features that the gate reads. In a level they are columns of its input, in models categories, or the vector `x`.
   * Default: none.
   */
  features: optional(listOf(text)),
};

/**
 * Tests a gate: the promises of its kind, in a level of its own, and those of every component.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testGate(softmaxGate({ temperature: 2 }), { runner });
 */
export const testGate = tester('gate', options, (spec: GateSpec, { features }) => {
  const probeOf: ProbeOf = (gate, rest) => gateProbe(gate, { ...rest, features });
  const network = tinyNetwork({ gate: spec, levels: 2 });
  const model = (tasks: readonly string[] = ['a', 'b']) =>
    tinyModel(network, { tasks, features: features && tinySchema(features) });
  return {
    spec,
    numbers: (each) => withProbe(probeOf(each as GateSpec), (probe) => outputsOf(probe)),
    probe: (seed = 7) => probeOf(spec, { seed }),
    model,
    ...(!features && { way: () => ({ network }) }),
    own: {
      'weights are finite, a row for each of the batch or one for all': () => checkShapes(spec, probeOf),
      'what a unit does not see has weight 0 and no gradient': () => checkVisible(spec, probeOf),
      ...(traitsOf(spec).normalized && { 'weights are 0 or more and sum to 1': () => checkNormalized(spec, probeOf) }),
      'units are treated by name, whatever their order': () => checkUnitOrder(spec, probeOf),
      'fusionWeights reads it': () => checkFusionWeights(model),
    },
  };
});
