import { component, optional, text, wholeNumber } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createExpert } from '../fusion/bank.ts';
import { defineExpert, type ExpertSpec } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { tiedExperts } from '../fusion/tied-bank.ts';
import { ownUnits } from '../fusion/units.ts';
import { linear } from '../layers/dense.ts';
import type { ModelDeclaration } from '../model/model-declaration.ts';
import { multiTaskModel } from '../model/model.ts';
import { fusionWeights } from '../model/fusion-weights.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { tinyExpert, tinyNetwork } from '../testing/tiny.ts';
import { contextOf } from './contexts.ts';
import { embed } from './embed.ts';
import { defineInput } from './input.ts';
import type { Schema } from '../features/schema.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Two copies of the one-hot value, then the embedding: what a context gives. */
const readContext = defineExpert(
  'contexts.read',
  (builder, { name }) => {
    const { values, dimension, oneHot, embedding } = contextOf(builder, name);
    const members = builder.members?.length ?? 1;
    return {
      outputDim: values + dimension,
      apply(_, call) {
        const own = tf.concat([oneHot(call), embedding(call)], 1);
        return builder.members ? tf.tile(tf.expandDims(own, 0), [members, 1, 1]) : own;
      },
    };
  },
  { options: { name: optional(text) } },
);

/** One affine map for each value of a context, as in STAR (CIKM'21). */
const [perValue, perValueAlone] = [true, false].map((bankable) =>
  defineExpert(
    `contexts.per-value.${bankable}`,
    (builder, { units, context }) => {
      const { values, oneHot } = contextOf(builder, context);
      const w = builder.weight('kernel', [builder.inputDim, values * units]);
      const b = builder.bias('bias', values * units);
      return {
        outputDim: units,
        apply(x, call) {
          const all = linear(x, w, b, call.shared);
          const each = tf.reshape(all, [...all.shape.slice(0, -1), values, units]);
          return tf.sum(tf.mul(each, tf.expandDims(oneHot(call), 2)), -2);
        },
      };
    },
    { bankable, options: { units: wholeNumber(1), context: optional(text) } },
  ),
) as [PerValue, PerValue];
type PerValue = (config: { units: number; context?: string }) => ExpertSpec;

/** An expert in an expert. */
const within = defineExpert(
  'contexts.within',
  (builder, { expert }) => createExpert(builder.child('inner'), expert, builder.inputDim),
  { options: { expert: component('expert') } },
);

/** Scores that are learned for each value of the context. */
const contextGate = defineGate('contexts.gate', (builder) => {
  const { values, oneHot } = contextOf(builder, 'tab');
  const scores = builder.overExperts.weight('scores', [values, builder.experts]);
  return { reads: 'raw', apply: (_, call) => tf.mul(tf.softmax(linear(oneHot(call), scores)), builder.mask) };
});

const one = defineGate('contexts.one', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const own = defineNetwork(
  'contexts.own',
  ({ experts, perTask }, tasks) =>
    fusion([{ units: ownUnits(tasks, perTask), experts, outputs: tasks, gate: one({ sees: 'own' }) }]),
  { options: { experts: component('expert'), perTask: optional(wholeNumber(), 1) } },
);
const gated = defineNetwork('contexts.gated', (_, tasks) =>
  fusion([{ units: ownUnits(tasks, 2), experts: tinyExpert({ units: 2 }), outputs: tasks, gate: contextGate() }]),
);
/** Experts for each task, of one unit for each context, then experts that all tasks share. */
const shared = defineNetwork(
  'contexts.shared',
  ({ experts }, tasks, contexts) => {
    const first = tinyExpert({ units: contexts.length });
    const level = { units: ownUnits(tasks), experts: first, outputs: tasks, gate: one({ sees: 'own' }) };
    return fusion([level, { ...level, experts, tied: tiedExperts('t') }]);
  },
  { options: { experts: component('expert') } },
);

const tasks = { a: binary(), b: binary() };
const schema: Schema<typeof tasks> = {
  features: {
    age: { kind: 'numeric', mean: 0, deviation: 1 },
    item: { kind: 'hashed', buckets: 12, quotients: 3, vectors: 2 }, // codes from two rows, of the first of two vectors
    tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
    last_tab: { kind: 'shared', with: 'tab' },
  },
  tasks,
  context: ['tab'],
};
const rows = [
  { age: 1, item: 'i1', tab: 'home', last_tab: 'search' },
  { age: 2, item: 'i2', tab: 'search', last_tab: null },
  { age: 3, item: null, tab: 'settings', last_tab: 'home' }, // not in the vocabulary
  { age: 4, item: 'i3', tab: null, last_tab: 'settings' },
];
/** Unknown, missing, home, search. */
const TABS = [2, 3, 0, 1];

const modelOf = (network: ModelDeclaration['network'], options: Partial<ModelDeclaration<typeof tasks>> = {}) =>
  multiTaskModel({ schema, network, input: embed({ dimension: 3 }), seed: 7, ...options });
type Model = ReturnType<typeof modelOf>;

/** The vectors of a task's lane, and the network's input. */
function lanesOf(model: Model, task = 'a'): { lane: number[][]; raw: number[][] } {
  return tf.tidy(() => {
    const features = model.toTensors(model.encode(rows));
    const { lanes } = model.trunk(features);
    return { lane: lanes.get(task)!.arraySync(), raw: model.input(features).raw.arraySync() };
  });
}

const oneHotOf = (codes: readonly number[], values: number) =>
  codes.map((code) => Array.from({ length: values }, (_, i) => Number(i === code)));

describe('contextOf', () => {
  it.each(['dense', 'sparse'] as const)('gives the value and the embedding, with a table that is %s', (update) => {
    const context = ['tab', 'last_tab'];
    const input = embed({ dimension: 3, update });
    const model = modelOf(own({ experts: readContext({ name: 'last_tab' }) }), {
      schema: { ...schema, context },
      input,
    });
    const { lane, raw } = lanesOf(model);
    const columns = 1 + 2 * 3 + 3; // those of `last_tab` come after age, two vectors of the item, and the tab
    expect(lane.map((row) => row.slice(0, 4))).toEqual(oneHotOf([3, 1, 2, 0], 4));
    expect(lane.map((row) => row.slice(4))).toEqual(raw.map((row) => row.slice(columns, columns + 3)));
    expect(lanesOf(model, 'b').lane).toEqual(lane);
    model.dispose();
  });

  it.each(['dense', 'sparse'] as const)('composes the code of two rows, with a table that is %s', (update) => {
    const model = modelOf(own({ experts: readContext() }), {
      schema: { ...schema, context: ['item'] },
      input: embed({ dimension: 3, update }),
    });
    const plain = multiTaskModel({
      schema: { features: { item: { kind: 'hashed', buckets: 12 } }, tasks },
      network: tinyNetwork({ units: 2 }),
      seed: 7,
    });
    const codes = [...plain.encode(rows).ids];
    expect(new Set(codes)).toHaveProperty('size', 4);
    const { lane, raw } = lanesOf(model);
    expect(lane.map((row) => row.slice(0, 14))).toEqual(oneHotOf(codes, 14));
    expect(lane.map((row) => row.slice(14))).toEqual(raw.map((row) => row.slice(1, 7)));
    for (const each of [model, plain]) each.dispose();
  });

  it('is the same for all members of a bank, for experts that run one by one, and in an expert of others', () => {
    const network = (expert: ExpertSpec) => modelOf(own({ experts: expert, perTask: 2 }));
    const [bank, alone, inner] = [
      network(perValue({ units: 3 })),
      network(perValueAlone({ units: 3 })),
      network(within({ expert: perValue({ units: 3 }) })),
    ];
    const { lane, raw } = lanesOf(bank);
    const kernel = bank.store.get('levels.0.experts.kernel').variable.arraySync() as number[][][];
    // members a.0 and a.1, the columns of a row's own value, biases of 0
    const expected = raw.map((x, r) =>
      [0, 1, 2].map((unit) =>
        [0, 1].reduce((sum, m) => sum + x.reduce((dot, v, i) => dot + v * kernel[m]![i]![3 * TABS[r]! + unit]!, 0), 0),
      ),
    );
    lane.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i]!, 5));
    const one = lanesOf(alone).lane.flat();
    lane.flat().forEach((value, i) => expect(one[i]).toBeCloseTo(value, 5));
    expect(inner.store.get('levels.0.experts.inner.kernel').variable.shape).toEqual([4, 13, 4 * 3]);
    for (const model of [bank, alone, inner]) model.dispose();
  });

  it('follows the rows of all units where they share their experts', () => {
    const model = modelOf(shared({ experts: perValue({ units: 2 }) }));
    const together = model.predict(rows);
    rows.forEach((row, r) => {
      const alone = model.predict([row]);
      for (const task of ['a', 'b'] as const) expect(together[task][r]).toBeCloseTo(alone[task][0]!, 6);
    });
    expect(together.a).not.toEqual(together.b);
    model.dispose();
  });

  it('is in towers and small towers', () => {
    const tower = perValue({ units: 2 });
    const model = modelOf(tinyNetwork({ units: 2 }), { tower, selfAuxiliaries: { tower, weight: 1 } });
    expect(model.store.get('towers.kernel').variable.shape).toEqual([2, 2, 8]);
    expect(model.store.get('self.towers.kernel').variable.shape).toEqual([2, 2, 8]);
    expect(model.predict(rows).a).toHaveLength(4);
    model.dispose();
  });

  it('is in gates, whose weights are read by fusionWeights', () => {
    const model = modelOf(gated({}));
    const weights: Float32Array[] = [];
    const batch = model.encode(rows);
    fusionWeights(model, { schema, size: 4, batch: () => batch }, { onWeights: (each) => weights.push(each) });
    const scores = model.store.get('levels.0.gates.scores').variable.arraySync() as number[][][];
    const expected = TABS.flatMap((tab) =>
      scores.flatMap((unit) => {
        const powers = unit[tab]!.map(Math.exp);
        return powers.map((power) => power / powers.reduce((sum, each) => sum + each));
      }),
    );
    [...weights[0]!].forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 5));
    model.dispose();
  });

  it('says which context is missing', () => {
    const without: Schema<typeof tasks> = { features: schema.features, tasks };
    const several = { ...schema, context: ['tab', 'last_tab'] };
    const build = (name: string | undefined, of: Schema<typeof tasks>) =>
      modelOf(own({ experts: readContext({ name }) }), { schema: of });
    expect(() => build(undefined, without)).toThrow(
      'Expected a context in the schema, which levels.0.experts reads, received a schema without one. ' +
        'Declare it with features and tasks: context: ["tab"].',
    );
    expect(() => build('country', without)).toThrow('context: ["country"]');
    expect(() => build('tba', schema)).toThrow(
      'Expected the name of the context that levels.0.experts reads, received "tba". Did you mean "tab"?',
    );
    expect(() => build(undefined, several)).toThrow('received nothing. Known: "tab", "last_tab".');
  });

  it('has no embedding where the input does not name its features', () => {
    const nameless = defineInput('contexts.nameless', ({ layout }) => ({
      outputDim: layout.numeric,
      apply: ({ numeric }) => numeric,
    }));
    const model = modelOf(own({ experts: perValue({ units: 2 }) }), { input: nameless() });
    expect(model.predict(rows).a).toHaveLength(4);
    expect(() => modelOf(own({ experts: readContext() }), { input: nameless() })).toThrow(
      'Expected an input with columns of context "tab", which levels.0.experts reads, received one that doesn\'t name them.',
    );
    model.dispose();
  });

  it('asks for the features of the batch in a call of your own', () => {
    const model = modelOf(own({ experts: perValue({ units: 2 }) }));
    tf.tidy(() => {
      const { lanes, raw } = model.input(model.toTensors(model.encode(rows)));
      const call = { training: false, raw, addLoss: () => undefined };
      expect(() => model.network.apply(lanes, call)).toThrow('Pass features with raw, as model.forward does.');
    });
    model.dispose();
  });
});

describe('the context of a schema', () => {
  const build = (context: unknown) =>
    modelOf(tinyNetwork({ units: 2 }), { schema: { ...schema, context } as Schema<typeof tasks> });

  it.each([
    [['tba'], 'features with one id, each once, received "tba", which is no feature. Did you mean "tab"?'],
    [['age'], 'features with one id, each once, received "age", a numeric feature. Name another one.'],
    [['tab', 'tab'], 'features with one id, each once, received "tab", a categorical feature.'],
    ['tab', 'Expected a list for multiTaskModel.schema.context, received "tab".'],
    [[7], 'Expected a text for multiTaskModel.schema.context[0], received 7.'],
  ])('%j is refused', (context, message) => {
    expect(() => build(context)).toThrow(message);
  });

  it('is no other key', () => {
    const contexts = { ...schema, contexts: ['tab'] };
    expect(() => modelOf(tinyNetwork({ units: 2 }), { schema: contexts })).toThrow('Did you mean "context"?');
  });

  it('is saved with the model, and checked when it is loaded', async () => {
    const model = modelOf(own({ experts: perValue({ units: 3 }) }));
    const bytes = await toBytes(model);
    const loaded = await load(bytes);
    expect(loaded.schema).toEqual(schema);
    expect(loaded.predict(rows)).toEqual(model.predict(rows));
    const edited = (context: unknown) => {
      const document = JSON.parse(new TextDecoder().decode(bytes['model.json'])) as {
        config: { schema: object };
        weights: { document?: string };
      };
      delete document.weights.document; // its own checksum
      Object.assign(document.config.schema, { context });
      return { ...bytes, 'model.json': new TextEncoder().encode(JSON.stringify(document)) };
    };
    await expect(load(edited(['tba']))).rejects.toThrow('received "tba", which is no feature. Did you mean "tab"?');
    await expect(load(edited(['tab', 'tab']))).rejects.toThrow('each once, received "tab"');
    await expect(load(edited('tab'))).rejects.toThrow('Expected a list for config.schema.context, received "tab".');
    for (const each of [model, loaded]) each.dispose();
  });

  it('leaves a file as it was when the schema has none', async () => {
    const { context: _, ...without } = schema;
    const [model, empty] = [without, { ...schema, context: [] }].map((of) =>
      modelOf(tinyNetwork({ units: 2 }), { schema: of }),
    ) as [Model, Model];
    const document = JSON.parse(new TextDecoder().decode((await toBytes(model))['model.json'])) as {
      config: ModelDeclaration;
    };
    expect(Object.keys(document.config.schema)).toEqual(['features', 'tasks']);
    expect(empty.predict(rows)).toEqual(model.predict(rows));
    for (const each of [model, empty]) each.dispose();
  });
});
