import { listOf, optional, text, traitsOf, wholeNumber } from '@polytask/components';
import {
  contextsOf,
  createBank,
  createExpert,
  createScope,
  layoutOf,
  ParameterStore,
  partTensors,
  withRandomTensors,
  type Draw,
  type ExpertSpec,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { checkInModels } from '../checks/models.ts';
import { inputOf, outputsOf, parametersOf, withProbe, type Probe, type ProbeOptions } from '../tiny/probe.ts';
import { tester, type Kind } from '../tester.ts';
import { oneOrEach, tinyCall, tinyRows, writeParameter } from '../tiny/numbers.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyFeatures, tinySchema } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

const INPUT_DIM = 3;
/** Two experts of task `a`, one of task `b`. */
const MEMBERS = ['a.0', 'a.1', 'b.0'];

/** Contexts of these names, each with a column of the experts' input as its embedding, and the layout of their features. */
function contextsNamed(names: readonly string[]) {
  const schema = { features: tinySchema(names), tasks: {} };
  const layout = layoutOf(schema);
  const columns = new Map(names.map((name, i) => [name, { from: i % INPUT_DIM, width: 1 }]));
  return { layout, contexts: contextsOf({ ...schema, context: names }, layout, columns) };
}

/**
 * A probe of a bank at `e`, with an input for each member, or of a single expert at `e.member`.
 *
 * @param context names of contexts. Default: none
 * @param alone the only expert, outside of a bank. Default: a bank of all {@link MEMBERS}
 */
function probeOf(
  experts: ExpertSpec,
  context: readonly string[] | undefined,
  { seed = 7, rows = 5, same = false }: ProbeOptions = {},
  alone?: string,
): Probe {
  const store = new ParameterStore(seed);
  const { layout, contexts } = context ? contextsNamed(context) : {};
  const own = alone
    ? createExpert(createScope(store, `e.${alone}`, { contexts }), experts, INPUT_DIM)
    : createBank(store, { path: 'e', members: MEMBERS, experts, inputDim: INPUT_DIM, contexts });
  const many = same ? ['all'] : MEMBERS;
  const names = alone ? [alone] : many;
  const inputs = Object.fromEntries(
    names.map((name) => [`the input of ${name}`, inputOf(tinyRows(rows, INPUT_DIM, name))]),
  );
  return {
    ...{ store, prefix: 'e.', inputs, outputDim: own.outputDim, perRow: alone ? 1 : MEMBERS.length },
    run(training) {
      const losses: Record<string, tf.Scalar> = {};
      const raw = tf.tensor2d(tinyRows(rows, INPUT_DIM, 'raw')); // the same for a bank and a lone expert
      const features = layout && partTensors(tinyFeatures(rows, layout), layout);
      const call = { ...tinyCall(raw, training, losses), features };
      return { outputs: own.apply(oneOrEach(Object.values(inputs)), call), ...losses };
    },
  };
}

/** Member m's part of values that all members of a bank have. */
const partOf = (values: ArrayLike<number>, m: number): Float32Array =>
  Float32Array.from(values).subarray((m * values.length) / MEMBERS.length, ((m + 1) * values.length) / MEMBERS.length);

/** Member m's part of the parameters of a bank. An expert that isn't bankable has parameters of its own already. */
const parametersIn = (bank: Numbers, member: string, m: number): Numbers =>
  Object.fromEntries(
    Object.entries(bank).flatMap(([name, values]): [string, ArrayLike<number>][] => {
      const own = MEMBERS.some((each) => name.startsWith(`e.${each}.`));
      if (own) return name.startsWith(`e.${member}.`) ? [[name, values]] : [];
      return [[name.replace(/^e\./, `e.${member}.`), partOf(values, m)]];
    }),
  );

const tensorOf = ({ shape }: Draw, data: Float32Array) => tf.tensor(data, [...shape]);

/** Draws random numbers, and records them. */
const recording = (draws: Float32Array[]) => (draw: Draw) => {
  const data = draw.sample();
  draws.push(data);
  return tensorOf(draw, data);
};

/** Replays member m's part of the bank's draws. An expert that isn't bankable draws from its own stream in a bank too. */
function replaying(draws: readonly Float32Array[], m: number): (draw: Draw) => tf.Tensor {
  let next = 0;
  return (draw) => {
    const own = draw.sample();
    const bank = draws[next++];
    return tensorOf(draw, bank?.length === MEMBERS.length * own.length ? partOf(bank, m) : own);
  };
}

const options = {
  /** Names of contexts that the expert reads. They are categories of the models. Default: none. */
  context: optional(listOf(text)),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
};

const WIDTH = 4;
const KIND: Kind<typeof options> = {
  ...{ kind: 'expert', options },
  variant: ({ layer }) => ({ config: layer(WIDTH), outputDim: WIDTH }),
};

/**
 * Tests an expert, in a bank, alone, and in models.
 *
 * @example testExpert(glu({ units: 4 }), { outputDim: 4, runner });
 */
export const testExpert = tester(KIND, (spec: ExpertSpec, { context, outputDim }) => {
  const schema = context && { features: tinySchema(context), context };
  const rows = context && 16; // with every value of a context
  const starts = (alone?: string) => withProbe(probeOf(spec, context, {}, alone), ({ store }) => parametersOf(store));
  return {
    ...{ spec, outputDim },
    probe: (each: ExpertSpec, of) => probeOf(each, context, { rows, ...of }),
    tried: 6,
    reachesInputs: true,
    model: (tasks = ['a', 'b']) => tinyModel(tinyNetwork({ experts: spec }), { tasks, ...schema }),
    ...(!context && { way: () => ({ network: tinyNetwork({ experts: spec, inputDim: INPUT_DIM }) }) }),
    own: {
      'equal experts are born unequal, each from its own place': check(() => {
        const bank = starts();
        if (traitsOf(spec).fixedStart || Object.keys(bank).length === 0) return;
        const parts = MEMBERS.map((member, m) => parametersIn(bank, member, m));
        const texts = parts.map((part) => JSON.stringify(Object.values(part).map((values) => Array.from(values))));
        MEMBERS.forEach((member, m) => {
          const first = texts.indexOf(texts[m]!);
          expectThat(first === m, `experts ${MEMBERS[first]} and ${member} to start unequal`, 'equal parameters');
        });
        MEMBERS.forEach((member, m) => expectAgreement(parts[m]!, starts(member), 0, `the start of ${member} alone`));
      }, 'Start parameters with initializers (fanInUniform, uniform, …) that draw from the stream they are given.'),
      'a bank gives what its experts give one by one': check(() => {
        for (const training of [false, true]) {
          const draws: Float32Array[] = [];
          const { parameters, outputs } = withProbe(probeOf(spec, context), (probe) => ({
            parameters: parametersOf(probe.store),
            outputs: withRandomTensors(recording(draws), () => outputsOf(probe, training))['outputs']!,
          }));
          MEMBERS.forEach((member, m) => {
            const alone = withProbe(probeOf(spec, context, {}, member), (probe) => {
              for (const [name, values] of Object.entries(parametersIn(parameters, member, m)))
                writeParameter(probe.store, name, Float32Array.from(values));
              return withRandomTensors(replaying(draws, m), () => outputsOf(probe, training))['outputs']!;
            });
            const [seen, wanted] = [alone, partOf(outputs, m)].map((of) => ({ [`the output of ${member}`]: of }));
            expectAgreement(seen!, wanted!, 1e-5, 'the same one by one as in a bank');
          });
        }
      }, 'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.'),
      'it works as a tower': check(
        () => checkInModels((tasks) => tinyModel(tinyNetwork({ levels: 0 }), { tasks, tower: spec, ...schema })),
        'Keep the batch axis, also with one task.',
      ),
    },
  };
});
