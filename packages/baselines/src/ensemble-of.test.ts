import {
  binary,
  contextOf,
  defineExpert,
  embed,
  fusionWeights,
  linear,
  load,
  multiclass,
  multiTaskModel,
  regression,
  toBytes,
  type Batch,
  type Examples,
  type ModelDeclaration,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossStitch } from './single-task.ts';
import { ensembleOf, membersOf } from './ensemble-of.ts';
import { ensemble, ensembleInput } from './ensemble.ts';
import { gradientBoosting } from './boosting/boosted-trees.ts';
import { esmm } from './funnel.ts';
import { logisticRegression, noFusion } from './logistic-regression.ts';
import { mmoe } from './mmoe.ts';
import { pepnet } from './pepnet.ts';
import { ple, stem } from './ple.ts';
import { softOrdering } from './soft-ordering.ts';

beforeAll(() => tf.setBackend('cpu'));

const tasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: regression(),
  like: binary(),
};
const schema: Schema<typeof tasks> = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 12 },
    city: { kind: 'categorical', vocabulary: ['Rome', 'Oslo', 'Lima'] },
    device: { kind: 'hashed', buckets: 4 },
  },
  tasks,
};
const rows: Readonly<Record<string, unknown>>[] = [
  { age: 20, city: 'Rome', device: 'phone' },
  { age: 61, city: 'Oslo', device: 'tv' },
  { age: 33, city: 'Paris', device: 'tablet' },
  { age: undefined, city: 'Lima', device: 'phone' },
];
const experts = mlp([6]);
type Parts = Omit<ModelDeclaration<typeof tasks>, 'schema' | 'seed'>;

const MEMBERS: Readonly<Record<string, Parts>> = {
  'a gate on the input': {
    network: mmoe({ levels: [{ experts, pool: 3, gate: softmaxGate({ reads: 'raw', hidden: [3] }) }] }),
    tower: mlp([5], { norm: 'batch' }),
    input: embed({ dimension: 4 }),
  },
  'two levels, and a table with sparse updates': {
    network: ple({
      levels: [
        { experts, perTask: 1, shared: 1 },
        { experts: mlp([3]), perTask: 2, shared: 1 },
      ],
    }),
    input: embed({ dimension: 7, update: 'sparse' }),
  },
  'gates that read features': {
    network: pepnet({ levels: [{ experts }], domain: ['city'], prior: ['device'], hidden: 5 }),
    tower: mlp([4]),
  },
  'units on lanes of their own': { network: crossStitch({ levels: [{ experts }, { experts }] }), tower: mlp([5]) },
  'no network': { ...logisticRegression(), input: embed() },
  'only a tower': { network: noFusion(), tower: mlp([4]) },
};

/** A number for each value of a context, and an affine map of its embedding. */
const ofContext = defineExpert('ensemble-of.context', (builder) => {
  const { values, dimension, oneHot, embedding } = contextOf(builder);
  const [w, v] = [builder.weight('value', [values, 2]), builder.weight('embedding', [dimension, 2])];
  return { outputDim: 2, apply: (_, call) => tf.add(linear(oneHot(call), w), linear(embedding(call), v)) };
});

const modelOf = (parts: Parts, seed = 1, of = schema) => {
  const model = multiTaskModel({ schema: of, seed, headStart: 'random', ...parts });
  tf.tidy(() => {
    for (const { variable } of model.store.all())
      variable.assign(tf.add(variable, tf.randomUniform(variable.shape, 0.1, 0.5, 'float32', seed)));
  });
  return model;
};

type Model = MultiTaskModel<typeof tasks>;

const logits = (model: Model): Record<string, number[]> =>
  tf.tidy(() => {
    const { logits: values } = model.forward(model.toTensors(model.encode(rows)));
    return Object.fromEntries(Object.entries(values).map(([task, value]) => [task, [...value.dataSync()]]));
  });

const expectMean = (
  model: MultiTaskModel<typeof tasks>,
  members: readonly { model: MultiTaskModel<typeof tasks>; share: number }[],
) => {
  const own = members.map((member) => ({ ...member, logits: logits(member.model) }));
  for (const [task, values] of Object.entries(logits(model)))
    values.forEach((value, i) =>
      expect(value).toBeCloseTo(
        own.reduce((sum, { logits: each, share }) => sum + share * each[task]![i]!, 0),
        4,
      ),
    );
};

describe('ensembleOf', () => {
  it.each(Object.entries(MEMBERS))('gives the logits of one member, and means with another: %s', (_, parts) => {
    const [first, second] = [modelOf(parts, 1), modelOf(MEMBERS['a gate on the input']!, 2)];
    expectMean(ensembleOf([{ model: first }]), [{ model: first, share: 1 }]);
    const mean = ensembleOf([{ model: first, weight: 3 }, { model: second }]);
    expectMean(mean, [
      { model: first, share: 0.75 },
      { model: second, share: 0.25 },
    ]);
    const ofHeads = (model: MultiTaskModel<typeof tasks>) =>
      model.store
        .all()
        .reduce(
          (sum, { name, variable }) => sum + (name.endsWith('bias') && name.startsWith('heads') ? variable.size : 0),
          0,
        );
    expect(mean.parameterCount).toBe(first.parameterCount + second.parameterCount - ofHeads(first));
  });

  it.each(Object.entries(MEMBERS))('averages the i-th members, with models that have one: %s', async (name, parts) => {
    const members = name === 'no network' ? 1 : 3;
    const [first, second, third] = [
      modelOf({ ...parts, members }, 1),
      modelOf({ ...MEMBERS['a gate on the input']!, members: 3 }, 2),
      modelOf(MEMBERS['no network']!, 3),
    ] as [Model, Model, Model];
    const of = [first, second, third].map((model, m) => ({ model, weight: m + 1 }));
    const mean = ensembleOf(of);
    expect(mean.members).toBe(3);
    const own = of.map(({ model, weight }) => ({ weight, members: model.members, logits: logits(model) }));
    for (const [task, values] of Object.entries(logits(mean)))
      values.forEach((value, i) => {
        const expected = own.map(
          (each) => (each.weight / 6) * each.logits[task]![i % ((values.length * each.members) / 3)]!,
        );
        expect(value, `${task} ${i}`).toBeCloseTo(expected[0]! + expected[1]! + expected[2]!, 4);
      });
    const loaded = await load(await toBytes(mean));
    expect(loaded.predict(rows)).toEqual(mean.predict(rows));
  });

  it('may weigh each task by itself, whatever its number of outputs', () => {
    const [first, second, third] = Object.values(MEMBERS).map((parts, i) => modelOf(parts, i)) as [Model, Model, Model];
    const names = first.taskNames;
    const weightOf = (m: number, t: number) =>
      [
        [1, 0, 2],
        [0, 1, 1],
        [3, 1, 0],
      ][m]![t % 3]!;
    const weights = [0, 1, 2].map((m) => Object.fromEntries(names.map((task, t) => [task, weightOf(m, t)])));
    const mean = ensembleOf([first, second, third].map((model, m) => ({ model, weight: weights[m] as never })));
    const [own, others] = [logits(mean), [first, second, third].map((model) => logits(model))];
    names.forEach((task, t) => {
      const total = weightOf(0, t) + weightOf(1, t) + weightOf(2, t);
      own[task]!.forEach((value, i) =>
        expect(value, task).toBeCloseTo(
          others.reduce((sum, each, m) => sum + (weightOf(m, t) / total) * each[task]![i]!, 0),
          4,
        ),
      );
    });
  });

  it.each(['dense', 'sparse'] as const)('of models that read a context, by a table that is %s', (update) => {
    const inContext = { ...schema, context: ['city'] };
    const [plain, gated, inTowers] = [
      { ...MEMBERS['a gate on the input']! },
      { network: pepnet({ levels: [{ experts }], hidden: 5 }), input: embed({ dimension: 3, update }) },
      { network: noFusion(), tower: ofContext(), input: embed({ dimension: 5, update }) },
    ].map((parts, i) => modelOf(parts, i, inContext)) as [Model, Model, Model];
    expect(gated.network.levels).toHaveLength(2); // with EPNet
    expectMean(ensembleOf([{ model: plain }, { model: gated }, { model: inTowers, weight: 2 }]), [
      { model: plain, share: 0.25 },
      { model: gated, share: 0.25 },
      { model: inTowers, share: 0.5 },
    ]);
  });

  it('is one model of all kinds of members, which is saved and loaded, and leaves them alone', async () => {
    const members = Object.values(MEMBERS).map((parts, i) => ({ model: modelOf(parts, i) }));
    const before = members.map(({ model }) => logits(model));
    const tensors = tf.memory().numTensors;
    const model = ensembleOf(members);
    expectMean(
      model,
      members.map((member) => ({ ...member, share: 1 / members.length })),
    );
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(rows)).toEqual(model.predict(rows));
    loaded.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(members.map((member) => logits(member.model))).toEqual(before);
  });

  it.each(['only a tower', 'two levels, and a table with sparse updates'])(
    'averages a logistic regression, whose columns are ids, with a network: %s',
    (name) => {
      const [first, second] = [modelOf(logisticRegression()), modelOf(MEMBERS[name]!)];
      expectMean(ensembleOf([{ model: first }, { model: second, weight: 4 }]), [
        { model: first, share: 0.2 },
        { model: second, share: 0.8 },
      ]);
    },
  );

  it('with trees has a gradient: that of the leaves, and of the networks beside them', () => {
    const trees = modelOf(gradientBoosting());
    const { variable: paths } = trees.store.get('trees.paths');
    paths.assign(tf.zerosLike(paths)); // each row is in all leaves
    const mean = ensembleOf([{ model: trees }, { model: modelOf(MEMBERS['only a tower']!) }]);
    const { grads } = tf.variableGrads(() =>
      tf.addN(
        Object.values(mean.forward(mean.toTensors(mean.encode(rows))).logits).map((each) => tf.sum(each) as tf.Scalar),
      ),
    );
    const sizeOf = (part: string) =>
      mean.store
        .all()
        .filter(({ name }) => name.includes(part))
        .map(({ variable }) => tf.sum(tf.abs(grads[variable.name]!)).dataSync()[0]!);
    for (const part of ['members.0.trees.values', 'members.1.towers']) {
      expect(sizeOf(part).length, part).toBeGreaterThan(0);
      expect(Math.min(...sizeOf(part)), part).toBeGreaterThan(0);
    }
  });

  it('has the fusion weights of its members, level by level', () => {
    const names = ['a gate on the input', 'units on lanes of their own', 'two levels, and a table with sparse updates'];
    const members = names.map((name, i) => modelOf(MEMBERS[name]!, i));
    const model = ensembleOf(members.map((member) => ({ model: member })));
    const all: Examples<typeof tasks> = { schema, size: rows.length, batch: (): Batch => model.encode(rows) };
    const reports = fusionWeights(model, all);
    const own = members.flatMap((member, m) =>
      fusionWeights(member, all).map((report) => ({
        ...report,
        outputs: report.outputs.map((output) => `${m}.${output}`),
        experts: report.experts.map((expert) => ({ ...expert, unit: `${m}.${expert.unit}` })),
      })),
    );
    expect(reports).toEqual(own);
    expect(reports).toHaveLength(5);
  });

  it('refuses what has no mean', () => {
    const plain = modelOf(MEMBERS['no network']!);
    const other = multiTaskModel({
      schema: { ...schema, tasks: { click: binary() } },
      seed: 1,
      ...logisticRegression(),
    });
    const withPlain = (model: MultiTaskModel<typeof tasks>) => () => ensembleOf([{ model: plain }, { model }]);
    expect(() => ensembleOf([])).toThrow('Expected one or more models, received none. Pass [{ model }].');
    expect(() =>
      ensembleOf<{ click: ReturnType<typeof binary> }>([{ model: plain as never }, { model: other }]),
    ).toThrow(
      'Expected models of one schema, received "no-fusion" with other features or tasks. Train them on the same table.',
    );
    expect(() => ensembleOf([{ model: plain, weight: 0 }])).toThrow(
      'Expected weights of 0 or more for task "click", and one above 0, received 0. Leave a model out',
    );
    const weight = Object.fromEntries(plain.taskNames.map((task) => [task, 1])) as Record<keyof typeof tasks, number>;
    expect(() => ensembleOf([{ model: plain, weight: { ...weight, [plain.taskNames[1]!]: -1 } }])).toThrow(
      `task "${plain.taskNames[1]}", and one above 0, received -1`,
    );
    expect(withPlain(modelOf({ network: stem({ levels: [{ experts }] }) }))).toThrow(
      'Expected networks that can be averaged, received "stem", which has an input for each lane. Leave it out of the ensemble.',
    );
    expect(
      withPlain(modelOf({ network: stem({ levels: [{ experts }] }), input: embed({ update: 'sparse' }) })),
    ).toThrow('received "stem", which has an input for each lane');
    expect(withPlain(modelOf({ network: softOrdering({ encoder: experts, experts, layers: 2 }) }))).toThrow(
      'received "soft-ordering", which ties its experts between levels',
    );
    expect(withPlain(modelOf({ network: esmm({ levels: [{ experts }], funnel: ['click', 'like'] }) }))).toThrow(
      'received "esmm", which computes its logits from those of other tasks',
    );
    expect(withPlain(modelOf({ ...MEMBERS['only a tower']!, rotations: {} }))).toThrow(
      'which has rotations of its tasks',
    );
    const [two, three] = [2, 3].map((members) => modelOf({ ...MEMBERS['only a tower']!, members })) as [Model, Model];
    expect(() => ensembleOf([{ model: two }, { model: three }])).toThrow(
      'which has 2 members where another has 3. Leave it out of the ensemble.',
    );
    const network = ensemble({ members: [{ network: noFusion(), members: 2 }] });
    expect(() => modelOf({ network, input: ensembleInput({ members: [embed()] }), members: 4 })).toThrow(
      '"no-fusion", which has 2 members where others have 4',
    );
  });
});

it('an ensemble needs an input for each member', () => {
  const member = { network: noFusion() };
  const network = ensemble({ members: [member, member] });
  expect(() => modelOf({ network })).toThrow(
    'Expected an input with member 0 for an ensemble, received another. Pass input: ensembleInput({ members: […] }), ' +
      'with an input for each network.',
  );
  expect(() => modelOf({ network, input: ensembleInput({ members: [embed()] }) })).toThrow('an input with member 1');
  expect(() => ensemble({ members: [] })).toThrow('Expected a list of 1 or more for ensemble.members');
});

describe('membersOf', () => {
  const expectSame = (a: Model, b: Model) =>
    Object.entries(logits(a)).forEach(([task, values]) =>
      values.forEach((value, i) => expect(value, task).toBeCloseTo(logits(b)[task]![i]!, 4)),
    );

  it.each([1, 3])('gives the models of a mean, of which ensembleOf makes it again: %i members', async (members) => {
    const { 'no network': linear, ...others } = MEMBERS;
    const parts = [...Object.values(others), ...(members === 1 ? [linear!] : [])];
    const all = parts.map((each, i) => modelOf({ ...each, members }, i));
    const weightOf = (m: number) => ({ click: m + 1, stars: m % 2, minutes: m, like: 1 });
    const mean = ensembleOf(all.map((model, m) => ({ model, weight: weightOf(m) })));
    const found = membersOf((await load(await toBytes(mean))) as Model)!;
    expectSame(ensembleOf(found), mean);
    const total = all.reduce((sum, _, m) => sum + m + 1, 0);
    found.forEach(({ model, weight }, m) => {
      expect(model.config.network.name).toBe(all[m]!.config.network.name);
      expect((weight as ReturnType<typeof weightOf>).click).toBeCloseTo((m + 1) / total, 12);
      if (members > 1) return;
      const [own, was] = [logits(model), logits(all[m]!)].map(({ click }) => click!.map((value) => value - click![0]!));
      own!.forEach((value, i) => expect(value).toBeCloseTo(was![i]!, 3)); // only the constants of the heads are others
    });
  });

  it('gives none for other models', () => {
    expect(membersOf(modelOf(MEMBERS['only a tower']!))).toBeUndefined();
    const members = [{ network: noFusion() }];
    const plain = { network: ensemble({ members }), input: ensembleInput({ members: [embed()] }) };
    expect(membersOf(modelOf(plain))).toBeUndefined();
  });
});
