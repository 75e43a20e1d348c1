import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import type { Logits } from '../fusion/network.ts';
import { type Call, callOn } from '../layers/layer.ts';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { randomStream } from '../random/random.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { tinyExpert, tinyNetwork } from '../testing/tiny.ts';
import { multiTaskModel } from './model.ts';
import { lossesOf } from './losses.ts';
import { createSelfAuxiliaries, logitsByTask, type SelfAuxiliaries } from './heads.ts';

const tasks = { click: binary({ weight: 2 }), kind: multiclass({ classes: ['a', 'b', 'c'] }) };
const make = (selfAuxiliaries?: SelfAuxiliaries) =>
  multiTaskModel({
    schema: denseSchema(3, tasks),
    network: tinyNetwork({ units: 4 }),
    tower: tinyExpert({ units: 5 }),
    seed: 7,
    ...(selfAuxiliaries && { selfAuxiliaries }),
  });
const rows = Array.from({ length: 6 }, (_, r) => ({ x: [...randomStream(r, 'row').normal(3)] }));

function batchOf(model: ReturnType<typeof make>) {
  const ones = tf.ones<tf.Rank.R2>([2, 6]);
  return {
    ...model.toTensors(model.encode(rows)),
    labels: ones,
    weights: ones,
  };
}

describe('self-auxiliaries', () => {
  it('are towers and heads of their own, that predictions know nothing of', () => {
    const [plain, helped] = [make(), make({ tower: tinyExpert({ units: 1 }), weight: 0.5 })];
    const added = helped.store.all().filter(({ name }) => !plain.store.has(name));
    expect(added.map(({ name, variable }) => `${name} ${variable.shape.join()}`)).toEqual([
      'self.towers.kernel 2,4,1',
      'self.towers.bias 2,1,1',
      'self.heads.1.kernel 1,1,1',
      'self.heads.1.bias 1,1,1',
      'self.heads.3.kernel 1,1,3',
      'self.heads.3.bias 1,1,3',
    ]);
    expect(helped.predict(rows)).toEqual(plain.predict(rows));
    for (const model of [plain, helped]) model.dispose();
  });

  it("add γ · weight · their own loss in training, and reach the tasks' experts", () => {
    const [plain, helped] = [make(), make({ weight: 0.5 })];
    tf.tidy(() => {
      const batch = batchOf(helped);
      const served = lossesOf(helped, batch);
      expect(served.auxiliary).toEqual({});
      const { total, auxiliary, tasks: own } = lossesOf(helped, batch, { training: true });
      expect(Object.keys(auxiliary)).toEqual(['self.click', 'self.kind']);
      const without = lossesOf(plain, batch, { training: true });
      expect(own.dataSync()[0]).toBeCloseTo(without.tasks.dataSync()[0]!, 6);
      const sum =
        without.total.dataSync()[0]! + auxiliary['self.click']!.dataSync()[0]! + auxiliary['self.kind']!.dataSync()[0]!;
      expect(total.dataSync()[0]).toBeCloseTo(sum, 5);

      // a head whose kernel is 0 gives the logit 0: losses log 2 and log 3
      for (const { name, variable } of helped.store.all())
        if (name.startsWith('self.')) variable.assign(tf.zeros(variable.shape));
      const even = lossesOf(helped, batch, { training: true }).auxiliary;
      expect(even['self.click']!.dataSync()[0]).toBeCloseTo(0.5 * 2 * Math.log(2), 5);
      expect(even['self.kind']!.dataSync()[0]).toBeCloseTo(0.5 * Math.log(3), 5);
    });
    tf.tidy(() => {
      const fresh = make({ weight: 0.5 });
      const kernel = fresh.store.get('levels.0.experts.kernel').variable;
      const { grads } = tf.variableGrads(
        () => lossesOf(fresh, batchOf(fresh), { training: true }).auxiliary['self.click']!,
        [kernel],
      );
      expect(Math.max(...grads[kernel.name]!.abs().dataSync())).toBeGreaterThan(1e-4);
      fresh.dispose();
    });
    for (const model of [plain, helped]) model.dispose();
  });

  it('finish their logits as the tasks do, whose own losses they leave as they are', () => {
    const pair = { first: binary(), second: binary() };
    const [first, second] = [tf.tensor2d([[0.5]]), tf.tensor2d([[-1]])];
    const finish = ({ first: a, second: b }: Logits, call: Call): Logits => {
      call.addLoss('finish', tf.scalar(3));
      return { first: a!, second: tf.add(a!, b!) };
    };
    const store = new ParameterStore(1);
    const small = createSelfAuxiliaries(store, {
      tasks: pair,
      tower: undefined,
      network: { outputDim: 1, finish },
    });
    store.get('self.heads.kernel').variable.assign(tf.ones([2, 1, 1]));
    store.get('self.heads.bias').variable.assign(tf.zeros([2, 1, 1]));
    const { call, auxiliary } = callOn({ raw: first }, { training: true });
    const lanes = new Map([
      ['first', first],
      ['second', second],
    ]);
    const logits = logitsByTask(small(lanes, call), ['first', 'second']);
    expect(logits['first']!.dataSync()[0]).toBeCloseTo(0.5, 6);
    expect(logits['second']!.dataSync()[0]).toBeCloseTo(-0.5, 6);
    expect(auxiliary).toEqual({});
    store.dispose();
  });

  it('are saved with the model', async () => {
    const model = make({ tower: tinyExpert({ units: 1 }), weight: 0.25 });
    const copy = await load(await toBytes(model));
    expect(copy.config.selfAuxiliaries).toEqual(model.config.selfAuxiliaries);
    expect(copy.store.get('self.towers.kernel').variable.dataSync()).toEqual(
      model.store.get('self.towers.kernel').variable.dataSync(),
    );
    for (const each of [model, copy]) each.dispose();
  });

  it.each([
    [{ weight: 0 }, 'Expected a number above 0 for multiTaskModel.selfAuxiliaries.weight, received 0.'],
    [{ weight: 1, towr: 1 }, 'Did you mean "tower"?'],
    [{ weight: 1, tower: 'mlp' }, 'Expected an expert for multiTaskModel.selfAuxiliaries.tower'],
  ])('refuse %j', (config, message) => {
    expect(() => make(config as never)).toThrow(message);
  });
});
