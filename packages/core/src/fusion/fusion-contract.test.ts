import { number, text } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import { multiTaskModel } from '../model/model.ts';
import { binary } from '../tasks/binary.ts';
import { tinyExpert } from '../testing/tiny.ts';
import { defineExpert } from './expert.ts';
import { defineGate } from './gate.ts';
import { defineNetwork, fusion, type FusionDeclaration } from './network.ts';
import { definePenalty } from './penalty.ts';
import { tiedExperts } from './tied-bank.ts';
import { SHARED } from '../tasks/tasks.ts';
import { ownUnits, sharedUnit, type Unit } from './units.ts';

// What a level can say beyond units, experts, outputs and gate. Each by numbers that can be worked out by hand: an
// expert here gives twice what it reads, a gate weighs all alike.

const twice = defineExpert('test-twice', ({ inputDim }) => ({ outputDim: inputDim, apply: (x) => tf.mul(x, 2) }), {
  bankable: false,
});
const one = defineGate('test-one', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const ridge = definePenalty(
  'test-ridge',
  ({ parameters, experts }, { weight }) =>
    () =>
      tf.mul(
        weight / experts.length,
        parameters.map((each) => tf.sum(tf.square(each.value()))).reduce((a, b) => tf.add(a, b)),
      ),
  { options: { weight: number() } },
);

const configs = new Map<string, (tasks: readonly string[]) => FusionDeclaration>();
const anyNetwork = defineNetwork('test-any', ({ of }, tasks) => configs.get(of)!(tasks), { options: { of: text } });
let count = 0;

const modelOf = (config: (tasks: readonly string[]) => FusionDeclaration, tasks = ['a', 'b'], width = 2) => {
  const of = `network ${count++}`;
  configs.set(of, config);
  return multiTaskModel({
    schema: denseSchema(width, Object.fromEntries(tasks.map((name) => [name, binary()]))),
    network: anyNetwork({ of }),
    seed: 7,
  });
};
type Model = ReturnType<typeof modelOf>;

/** The lanes of the tasks for one row, and the losses added. */
function run(model: Model, row: number[]) {
  return tf.tidy(() => {
    const { lanes, raw } = model.input(model.toTensors(model.encode([{ x: row }])));
    const losses: Record<string, number> = {};
    const call = {
      training: false,
      raw,
      addLoss: (name: string, loss: tf.Scalar) => void (losses[name] = loss.dataSync()[0]!),
    };
    const out = model.network.apply(lanes, call);
    return { lanes: Object.fromEntries([...out].map(([name, vector]) => [name, vector.arraySync()[0]!])), losses };
  });
}

const own =
  (reads?: string[]) =>
  (name: string): Unit => ({ name, kind: 'own', experts: 1, ...(reads && { reads }) });

describe('lanes', () => {
  it('a unit reads lanes side by side, and a level keeps what a later one reads', () => {
    const model = modelOf((tasks) =>
      fusion([
        { units: sharedUnit(1), experts: twice(), outputs: ['up'], keeps: [SHARED], gate: one() },
        { units: tasks.map(own([SHARED, 'up'])), experts: twice(), outputs: tasks, gate: one({ sees: 'own' }) },
      ]),
    );
    expect(run(model, [1, 3]).lanes).toEqual({ a: [2, 6, 4, 12], b: [2, 6, 4, 12] });
    expect([...model.network.levels[0]!.lanes]).toEqual([
      [SHARED, 2],
      ['up', 2],
    ]);
    expect(model.network.outputDim).toBe(4);
  });

  it('a tap sees the network’s input, the lanes that a level keeps and those of the heads, each vector once, and may change them', () => {
    const model = modelOf((tasks) =>
      fusion([
        { units: sharedUnit(1), experts: twice(), outputs: ['up'], keeps: [SHARED], gate: one() },
        { units: tasks.map(own([SHARED, 'up'])), experts: twice(), outputs: tasks, gate: one({ sees: 'own' }) },
      ]),
    );
    tf.tidy(() => {
      const features = (row: number[]) => model.toTensors(model.encode([{ x: row }]));
      const { lanes, raw } = model.input(features([1, 3]));
      const calls: string[] = [];
      const see = (place: string, names: readonly string[]) => void calls.push(`${place} ${names.join('+')}`);
      const keptTap = (vector: tf.Tensor2D, place: string, names: readonly string[]) =>
        (see(place, names), tf.add(vector, 10)) as tf.Tensor2D;
      const out = model.network.apply(lanes, { training: false, raw, addLoss: () => undefined, lanes: keptTap });
      expect(out.get('b')!.arraySync()).toEqual([[22, 26, 4, 12]]);
      const moved = model.forward(features([1, 3]), {
        lanes: (vector, place, names) => (see(place, names), place === 'input' ? tf.add(vector, [[1, -3]]) : vector),
      });
      expect(moved.logits['a']!.arraySync()).toEqual(model.forward(features([2, 0])).logits['a']!.arraySync());
      expect(calls).toEqual(['levels.0 shared', 'input shared+up', 'levels.0 shared', 'heads a', 'heads b']);
    });
    model.dispose();
  });

  it('says which lane is missing', () => {
    const level = (tasks: readonly string[], reads: string[]) => ({
      units: tasks.map(own(reads)),
      experts: twice(),
      outputs: tasks,
      gate: one({ sees: 'own' }),
    });
    expect(() => modelOf((tasks) => fusion([level(tasks, [SHARED]), level(tasks, [SHARED])]))).toThrow(
      'Expected a lane "shared" from the level before levels.1, for unit "a", received lanes a, b. ' +
        'Add it to the outputs of that level, or to the lanes that it keeps.',
    );
    expect(() =>
      modelOf((tasks) => fusion([level(tasks, [SHARED]), { ...level(tasks, ['a']), keeps: ['up'] }])),
    ).toThrow('Expected a lane "up" from the level before levels.1, for the lanes that it keeps, received lanes a, b.');
    expect(() => modelOf((tasks) => fusion([{ ...level(tasks, ['a', 'b']), keeps: ['a'] }]))).toThrow(
      'Expected outputs with different names at levels.0, received "a" twice',
    );
  });

  it('says when tasks end with vectors of different widths', () => {
    const uneven = () =>
      modelOf(() =>
        fusion([
          {
            units: [own([SHARED])('a')],
            experts: tinyExpert({ units: 3 }),
            outputs: ['a'],
            keeps: ['b'],
            gate: one(),
          },
        ]),
      );
    expect(uneven).toThrow('Expected "test-any" to give tasks vectors of one width, received 3 for a, 2 for b.');
  });

  it('a gate reads the lanes that it is told to; lanes of different widths are an error', () => {
    const reader = defineGate(`test-reader-${count}`, ({ unitDim, experts, members = [] }) => ({
      reads: 'unit',
      apply: (x) => tf.add(tf.zeros([members.length, x.shape[x.rank - 2]!, experts]), unitDim),
    }));
    const network = (gateReads: Record<string, string[]>) => (tasks: readonly string[]) =>
      fusion([
        {
          units: sharedUnit(1),
          experts: twice(),
          outputs: [...tasks, 'wide'],
          keeps: [SHARED],
          gate: one({ sees: 'all' }),
        },
        { units: sharedUnit(1), experts: twice(), outputs: tasks, gateReads, gate: reader() },
      ]);
    expect(run(modelOf(network({ a: ['wide', SHARED], b: [SHARED, 'a'] })), [1, 0]).lanes['a']).toEqual([8, 0]); // unitDim 4 × twice
    expect(() => modelOf(network({ a: ['wide', SHARED] }))).toThrow(
      'Expected lanes of one width for the gate at levels.1.gates, received 4 for a, 2 for b.',
    );
  });
});

describe('weights by feature', () => {
  const slopes = defineGate('test-slopes', ({ expertDim, experts, members = [] }) => ({
    reads: 'raw',
    apply: (x) =>
      tf.tile(tf.reshape(tf.range(1, expertDim + 1), [1, 1, 1, expertDim]), [members.length, x.shape[0]!, experts, 1]),
  }));

  it("weigh each feature of an expert's output by itself, and add to other gates", () => {
    const level = (tasks: readonly string[]) => ({ units: ownUnits(tasks), experts: twice(), outputs: tasks });
    expect(
      run(
        modelOf((tasks) => fusion([{ ...level(tasks), gate: slopes() }])),
        [1, 10],
      ).lanes['a'],
    ).toEqual([4, 80]);
    const sum = { kind: 'gate', name: 'sum', config: { gates: [slopes(), one({ sees: 'own' })] } } as const;
    expect(
      run(
        modelOf((tasks) => fusion([{ ...level(tasks), gate: sum }])),
        [1, 10],
      ).lanes['a'],
    ).toEqual([6, 100]);
  });

  it('are refused when they are not as many as the features', () => {
    const wrong = defineGate('test-wrong', ({ members = [] }) => ({
      reads: 'raw',
      apply: () => tf.ones([members.length, 1, 2, 3]),
    }));
    const model = modelOf((tasks) =>
      fusion([{ units: ownUnits(tasks), experts: twice(), outputs: tasks, gate: wrong() }]),
    );
    expect(() => run(model, [1, 2])).toThrow(
      'Expected gate "test-wrong" to give [2,1,2,2], units × rows × experts, received [2,1,2,3].',
    );
  });
});

describe('a gate that attends', () => {
  it("gets what the experts give, and its weights are a row's", () => {
    const sums = defineGate('test-sums', ({ members = [] }) => ({
      reads: 'nothing',
      attends: true,
      apply: (_, __, outputs) => tf.tile(tf.expandDims(tf.transpose(tf.sum(outputs!, 2)), 0), [members.length, 1, 1]),
    }));
    const model = modelOf((tasks) =>
      fusion([{ units: ownUnits(tasks), experts: twice(), outputs: tasks, gate: sums() }]),
    );
    expect(run(model, [1, 3]).lanes['a']).toEqual([8 * 2 * 2, 8 * 6 * 2]); // Σ of [2, 6], times it, of two experts
  });
});

describe('tied experts', () => {
  const tied =
    (name: string, width = 2, experts = 1) =>
    (tasks: readonly string[]) => ({
      units: ownUnits(tasks, experts),
      experts: tinyExpert({ units: width }),
      tied: tiedExperts(name),
      outputs: tasks,
      gate: one({ sees: 'own' }),
    });

  it('are one set of parameters for all units and levels of the name, as if each had a copy', () => {
    const model = modelOf((tasks) =>
      fusion([
        tied('x')(tasks),
        {
          ...tied('y')(tasks),
          gate: one({
            sees: [
              [1, 0],
              [1, 1],
            ],
          }),
        },
        tied('x')(tasks),
      ]),
    );
    expect(
      model.store
        .all()
        .map(({ name }) => name)
        .filter((name) => name.startsWith('tied')),
    ).toEqual(['tied.x.kernel', 'tied.x.bias', 'tied.y.kernel', 'tied.y.bias']);
    const layer = (name: string, x: number[]) => {
      const [kernel] = model.store.get(`tied.${name}.kernel`).variable.arraySync() as number[][][];
      const [[bias]] = model.store.get(`tied.${name}.bias`).variable.arraySync() as [number[][]];
      return bias!.map((b, o) => Math.tanh(x.reduce((sum, value, i) => sum + value * kernel![i]![o]!, b)));
    };
    const y = layer('y', layer('x', [1, 3]));
    const expected = {
      a: layer('x', y),
      b: layer(
        'x',
        y.map((value) => 2 * value),
      ),
    };
    const { lanes } = run(model, [1, 3]);
    for (const task of ['a', 'b'] as const)
      expected[task].forEach((value, i) => expect(lanes[task]![i]).toBeCloseTo(value, 5));
  });

  it('need units with as many experts, and give what they read', () => {
    expect(() => modelOf((tasks) => fusion([{ ...tied('x')(tasks), units: ownUnits(tasks, [1, 2]) }]))).toThrow(
      'Expected units with as many experts each, and lanes of one width, where experts are tied ("x"), ' +
        'received 1, 2 experts, widths 2, 2, 2.',
    );
    expect(() => modelOf((tasks) => fusion([tied('x', 3)(tasks), tied('x', 3)(tasks)]))).toThrow(
      'Expected all levels of the tied experts "x" to have the same experts on 2 numbers, received others on 3.',
    );
  });
});

describe('trains', () => {
  it("lets an output's loss train only the experts of the mask; what the output is stays", () => {
    const level = (tasks: readonly string[]) => ({
      units: ownUnits(tasks),
      experts: tinyExpert({ units: 2 }),
      outputs: tasks,
      gate: one({ sees: 'all' }),
    });
    const [all, some] = [
      modelOf((tasks) => fusion([level(tasks)])),
      modelOf((tasks) => fusion([{ ...level(tasks), trains: 'own' as const }])),
    ];
    expect(run(some, [1, 3]).lanes).toEqual(run(all, [1, 3]).lanes);
    const trained = (model: Model) =>
      tf.tidy(() => {
        const kernel = model.store.get('levels.0.experts.kernel').variable;
        const batch = model.toTensors(model.encode([{ x: [0.1, 0.3] }]));
        const { grads } = tf.variableGrads(() => tf.sum(model.forward(batch).logits['a']!) as tf.Scalar, [kernel]);
        return (grads[kernel.name]!.arraySync() as number[][][]).map((expert) =>
          expert.flat().some((value) => value !== 0),
        );
      });
    expect(trained(all)).toEqual([true, true]);
    expect(trained(some)).toEqual([true, false]);
  });
});

describe('penalties', () => {
  it.each([tinyExpert({ units: 3 }), undefined])(
    "add a loss on the experts' parameters under their name, banked or not",
    (spec) => {
      const looped = defineExpert(
        `test-looped-${count}`,
        ({ inputDim, weight }) => {
          const kernel = weight('kernel', [inputDim, 3]);
          return { outputDim: 3, apply: (x) => tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D) };
        },
        { bankable: false },
      );
      const model = modelOf((tasks) =>
        fusion([
          {
            units: ownUnits(tasks),
            experts: spec ?? looped(),
            outputs: tasks,
            gate: one({ sees: 'own' }),
            penalties: [ridge({ weight: 0.5 })],
          },
        ]),
      );
      const numbers = model.store
        .trainable()
        .filter(({ name }) => name.includes('experts'))
        .flatMap(({ variable }) => [...variable.dataSync()]);
      expect(run(model, [1, 2]).losses['test-ridge']).toBeCloseTo(
        0.25 * numbers.reduce((sum, value) => sum + value ** 2, 0),
        5,
      );
    },
  );

  it('are specs: what is none is an error', () => {
    const wrong = () =>
      modelOf((tasks) =>
        fusion([{ units: ownUnits(tasks), experts: twice(), outputs: tasks, gate: one(), penalties: [4 as never] }]),
      );
    expect(wrong).toThrow('Expected a penalty for levels.0, received 4.');
  });
});

describe('a network', () => {
  it("can have inputs of each lane's own, and finish the heads' logits", () => {
    const model = modelOf((tasks) =>
      fusion(
        [
          {
            units: [...ownUnits(tasks), ...sharedUnit(1)],
            experts: twice(),
            outputs: tasks,
            gate: one({ sees: 'own' }),
          },
        ],
        {
          inputs: 'own',
          finish: (logits) => ({ ...logits, b: tf.add(logits['a']!, 1) }),
        },
      ),
    );
    const batch = model.toTensors(model.encode([{ x: [1, 2] }]));
    expect([...model.input(batch).lanes.keys()]).toEqual(['a', 'b', SHARED]);
    const { logits } = model.forward(batch);
    expect(logits['b']!.dataSync()[0]).toBeCloseTo(logits['a']!.dataSync()[0]! + 1, 6);
  });
});
