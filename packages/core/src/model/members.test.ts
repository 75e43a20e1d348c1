import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyBatch } from '../features/batch.ts';
import { denseSchema } from '../features/schema.ts';
import { load } from '../saving/load.ts';
import { toBytes } from '../saving/save.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { regression } from '../tasks/regression.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { tinyExpert, tinyNetwork } from '../testing/tiny.ts';
import { fusionWeights } from './fusion-weights.ts';
import { lossesOf } from './losses.ts';
import { multiTaskModel, type MultiTaskModel } from './model.ts';

const WIDTH = 5;
const UNITS = 4;
const TOWER = 3;
const tasks = {
  click: binary(),
  hours: regression({ weight: 2 }),
  kind: multiclass({ classes: ['a', 'b', 'c'] }),
};
const make = (members?: number, options: { tasks?: Tasks; tower?: boolean } = {}): MultiTaskModel =>
  multiTaskModel<Tasks>({
    schema: denseSchema(WIDTH, options.tasks ?? tasks),
    network: tinyNetwork({ units: UNITS }),
    ...(options.tower !== false && { tower: tinyExpert({ units: TOWER }) }),
    seed: 7,
    ...(members !== undefined && { members }),
  });

const ROWS = 6;
const batchOf = (model: MultiTaskModel) => ({
  ...emptyBatch(ROWS, model.layout, model.taskNames),
  numeric: Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.sin(3 * i)),
  labels: Float32Array.from({ length: ROWS * model.taskNames.length }, (_, i) => i % 2),
  weights: Float32Array.from({ length: ROWS * model.taskNames.length }, (_, i) => (i % 4) / 2),
});
const logitsOf = (model: MultiTaskModel, task: string): number[] =>
  tf.tidy(() => [...model.forward(model.toTensors(batchOf(model))).logits[task]!.dataSync()]);
const taskLossesOf = (model: MultiTaskModel): number[] =>
  tf.tidy(() => [...lossesOf(model, model.toTensors(batchOf(model)), { training: true }).tasks.dataSync()]);

/** Gives all members the values of a model of one member. */
function copyInto(model: MultiTaskModel, plain: MultiTaskModel): void {
  for (const { name, variable } of model.store.all()) {
    if (name.endsWith('scale')) variable.assign(tf.ones(variable.shape));
    else {
      const own = plain.store.get(name).variable;
      const [first, ...rest] = own.shape as [number, ...number[]];
      const members = variable.shape[0]! / first;
      const repeated = tf.tile(tf.expandDims(own, 1), [1, members, ...rest.map(() => 1)]);
      variable.assign(tf.reshape(repeated, variable.shape));
    }
  }
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe.each(['cpu', 'wasm'])('a model with members on %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  afterAll(async () => void (await tf.setBackend('cpu')));

  it('of one member is the model without the option, to the bit', () => {
    const [plain, one] = [make(), make(1)];
    expect(one.store.all().map(({ name }) => name)).toEqual(plain.store.all().map(({ name }) => name));
    for (const { name, variable } of plain.store.all())
      expect(one.store.get(name).variable.dataSync()).toEqual(variable.dataSync());
    expect(one.predict(batchOf(one))).toEqual(plain.predict(batchOf(plain)));
    for (const model of [plain, one]) model.dispose();
  });

  it.each([true, false])('predicts as one member does, if all members are equal (tower: %s)', (tower) => {
    const [plain, model] = [make(1, { tower }), make(3, { tower })];
    copyInto(model, plain);
    const [expected, predicted] = [plain.predict(batchOf(plain)), model.predict(batchOf(model))];
    for (const task of model.taskNames)
      predicted[task]!.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 6));
    expect(taskLossesOf(model)).toEqual(taskLossesOf(plain).map((loss) => expect.closeTo(loss, 5) as number));
    const [gates] = fusionWeights(model, { schema: model.schema, size: ROWS, batch: () => batchOf(model) });
    const [gatesOfOne] = fusionWeights(plain, { schema: plain.schema, size: ROWS, batch: () => batchOf(plain) });
    gates!.gated.flat().forEach((weight, i) => expect(weight).toBeCloseTo(gatesOfOne!.gated.flat()[i]!, 6));
    for (const each of [plain, model]) each.dispose();
  });

  it('averages probabilities and numbers', () => {
    const model = make(3);
    const { click, hours, kind } = model.predict(batchOf(model));
    const [ofClick, ofHours, ofKind] = model.taskNames.map((task) => logitsOf(model, task));
    const mean = (value: (member: number) => number) => (value(0) + value(1) + value(2)) / 3;
    for (let row = 0; row < ROWS; row++) {
      expect(click![row]).toBeCloseTo(
        mean((m) => sigmoid(ofClick![m * ROWS + row]!)),
        6,
      );
      expect(hours![row]).toBeCloseTo(
        mean((m) => ofHours![m * ROWS + row]!),
        6,
      );
      const exps = (m: number) => [0, 1, 2].map((c) => Math.exp(ofKind![(m * ROWS + row) * 3 + c]!));
      for (let c = 0; c < 3; c++)
        expect(kind![row * 3 + c]).toBeCloseTo(
          mean((m) => exps(m)[c]! / exps(m).reduce((a, b) => a + b)),
          6,
        );
    }
    expect(new Set(ofClick!.map((z) => z.toFixed(5))).size).toBe(3 * ROWS); // members differ from the start
    model.dispose();
  });

  it("has the mean of the members' losses, not the loss of the mean prediction", () => {
    const model = make(3);
    const { labels, weights } = batchOf(model);
    const [click, hours] = [logitsOf(model, 'click'), logitsOf(model, 'hours')];
    const lossOf = (task: number, logits: number[], loss: (z: number, y: number) => number) => {
      let sum = 0;
      for (let m = 0; m < 3; m++) {
        let [total, weight] = [0, 0];
        for (let row = 0; row < ROWS; row++) {
          const w = weights[task * ROWS + row]!;
          total += w * loss(logits[m * ROWS + row]!, labels[task * ROWS + row]!);
          weight += w;
        }
        sum += total / weight / 3;
      }
      return sum;
    };
    const losses = taskLossesOf(model);
    expect(losses[0]).toBeCloseTo(
      lossOf(0, click, (z, y) => -Math.log(sigmoid(y === 1 ? z : -z))),
      6,
    );
    expect(losses[1]).toBeCloseTo(
      lossOf(1, hours, (z, y) => (z - y) ** 2),
      6,
    );
    model.dispose();
  });

  it('has gradients that agree with finite differences, for each parameter', () => {
    const model = make(3, { tasks: { click: binary(), hours: regression() } });
    const parameters = model.store.trainable();
    const batch = model.toTensors(batchOf(model));
    const total = () => lossesOf(model, batch, { training: true }).total;
    const { grads } = tf.variableGrads(
      total,
      parameters.map(({ variable }) => variable),
    );
    for (const { name, variable } of parameters) {
      const gradient = grads[variable.name]!;
      const before = tf.clone(variable);
      const lossAt = (step: number) => {
        variable.assign(tf.add(before, tf.mul(gradient, step)));
        return total().dataSync()[0]!;
      };
      const slope = tf.sum(tf.square(gradient)).dataSync()[0]!;
      const step = 1e-2 / Math.sqrt(slope);
      expect((lossAt(step) - lossAt(-step)) / (2 * step) / slope, name).toBeCloseTo(1, 1);
      variable.assign(before);
    }
    model.dispose();
  });

  it('has shared weights, and per member: signs, scales, biases and heads', () => {
    const [plain, model] = [make(), make(8)];
    const dense = 2 * 3 * UNITS + 3 * TOWER; // outputs of two experts and a tower for each of three tasks
    const heads = (1 + 1 + 3) * (TOWER + 1);
    expect(model.parameterCount).toBe(plain.parameterCount + 8 * (WIDTH + dense) + 7 * (dense + heads));
    const signs = model.store.get('levels.0.scale').variable;
    expect(signs.shape).toEqual([8, 1, WIDTH]);
    expect([...new Set(signs.dataSync())].sort()).toEqual([-1, 1]);
    expect([...new Set(model.store.get('towers.scale').variable.dataSync())]).toEqual([1]);
    for (const each of [plain, model]) each.dispose();
  });

  it('keeps the start of a member when more are added', () => {
    const [three, eight] = [make(3), make(8)];
    for (const name of ['levels.0.scale', 'levels.0.experts.bias', 'heads.1.kernel']) {
      const [few, many] = [three, eight].map(({ store }) => [...store.get(name).variable.dataSync()]);
      const size = few!.length / 3 / (name === 'levels.0.experts.bias' ? 6 : name === 'heads.1.kernel' ? 2 : 1);
      expect(many!.slice(0, 3 * size), name).toEqual(few!.slice(0, 3 * size));
    }
    for (const each of [three, eight]) each.dispose();
  });

  it('is saved and loaded', async () => {
    const model = make(3);
    const copy = await load(await toBytes(model));
    expect(copy.members).toBe(3);
    expect(copy.predict(batchOf(model))).toEqual(model.predict(batchOf(model)));
    for (const each of [model, copy]) each.dispose();
  });

  it.each([0, 1.5, '8'])('refuses members: %j', (members) => {
    expect(() => make(members as number)).toThrow('multiTaskModel.members');
  });
});
