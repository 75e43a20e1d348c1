import { defineLossBalancer, type BalancerSpec } from '@polytask/balancing';
import {
  checks,
  defineExpert,
  defineGate,
  defineNetwork,
  fusion,
  linear,
  ownUnits,
  type ExpertSpec,
} from '@polytask/core';
import { dselectKGate, sigmoidGate } from '@polytask/gating';
import { auc, compareRuns, defineMetric } from '@polytask/metrics';
import { fromReference } from '@polytask/reference';
import { testExpert, tinyBank, write, tinyModel } from '@polytask/testing';
import { tinyCall } from '@polytask/testing/internal';
import * as tf from '@tensorflow/tfjs-core';
import * as runner from 'node:test';
import { exactly } from './exactly.ts';

const cross = defineExpert(
  'mine/cross',
  ({ inputDim, weight, bias }, { layers }) => {
    const w = weight('kernel', [inputDim, inputDim]);
    const b = bias('bias', inputDim);
    exactly<tf.Variable>()(w);
    exactly<number>()(layers);
    return {
      outputDim: inputDim,
      apply: (x, call) => {
        exactly<tf.Tensor>()(x);
        exactly<tf.Tensor2D>()(call.raw);
        return tf.add(tf.mul(x, linear(x, w, b)), x);
      },
    };
  },
  { options: { layers: checks.optional(checks.wholeNumber(1), 1) } },
);
exactly<ExpertSpec<{ readonly layers: number }>>()(cross({ layers: 2 }));
// @ts-expect-error there is no such option
cross({ layer: 2 });
// @ts-expect-error an expert says the width of its output
defineExpert('mine/none', () => ({ apply: (x: tf.Tensor) => x }));

const even = defineGate('mine/even', ({ mask }) => ({
  reads: 'nothing',
  apply: () => tf.div(mask, tf.sum(mask, -1, true)),
}));
const own = defineNetwork(
  'mine/own',
  ({ experts }, tasks) => fusion([{ units: ownUnits(tasks), experts, outputs: tasks, gate: even() }]),
  { options: { experts: checks.component('expert') } },
);
void [own({ experts: cross() }), sigmoidGate(), dselectKGate({ k: 2 })];

const halves = defineLossBalancer('mine/halves', {
  start: () => null,
  weights: (_state, _config, _moment, { losses }) => losses.map(() => 1 / losses.length),
});
const balancer: BalancerSpec<'losses'> = halves();
void balancer;

const share = defineMetric({
  name: 'mine/share',
  description: 'the mean prediction',
  task: 'binary',
  direction: 'higher',
  sums: 2,
  add: (sums, { count, predictions }) => {
    for (let i = 0; i < count; i++) sums[0]! += predictions[i]!;
    sums[1]! += count;
  },
  compute: ([sum, count]) => sum! / count!,
});
exactly<number>()(share.create().update([1], [0.5]).compute());
exactly<number>()(auc([0, 1], [0.2, 0.7]));
const { models } = compareRuns({
  baseline: 'a',
  tasks: { ctr: 'higher' },
  scores: { a: { ctr: [1] }, b: { ctr: [2] } },
});
exactly<number>()(models.b.tasks.ctr.difference.low);

testExpert(cross(), { runner });
const bank = tinyBank(cross(), { members: ['a.0'], inputDim: 1 });
bank.write('e.kernel', [3]);
exactly<number>()(bank.run([[[5]]])[0]![0]![0]!);
exactly<boolean>()(tinyCall(tf.tensor2d([[1]])).training);
write(tinyModel(own({ experts: cross() })), 'kernel', tf.zeros([1]).arraySync() as number);
void fromReference;
