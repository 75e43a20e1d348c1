import * as tf from '@tensorflow/tfjs';
import { adatt, adattSp } from '@polytask/adatt';
import { crossStitch, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import {
  binary,
  denseSchema,
  multiclass,
  multiTaskModel,
  type ExpertSpec,
  type NetworkSpec,
  type Schema,
} from '@polytask/core';
import { linearExpert, mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { beforeAll, expect, test } from 'vitest';
import { fromReference } from './from-reference.ts';
import { bitsOf } from './testing/cases.ts';
import { configurationOf, toReference } from './to-reference.ts';

beforeAll(() => tf.setBackend('cpu'));

const experts = mlp([4]);
const schema: Schema = denseSchema(3, { a: binary(), b: binary() });
const build = (network: NetworkSpec, tower: ExpertSpec | undefined = mlp([3]), own = schema) =>
  multiTaskModel({ schema: own, network, tower, seed: 1 });

test.each<[string, NetworkSpec, object]>([
  [
    'AdaTT-sp',
    adattSp({ levels: [{ experts, perTask: 2 }] }),
    { model: 'att_sp', num_task_experts: 2, self_exp_res_connect: true },
  ],
  [
    'AdaTT',
    adatt({ levels: [{ experts, perTask: { b: 1, a: 3 }, shared: 2 }], residual: false }),
    { model: 'att_g', num_task_experts: [3, 1], num_shared_experts: 2, self_exp_res_connect: false },
  ],
  [
    'uneven tasks alone',
    adatt({ levels: [{ experts, perTask: [1, 2] }], residual: false }),
    { model: 'att_g', num_task_experts: [1, 2], num_shared_experts: 0 },
  ],
  [
    'PLE with its defaults',
    ple({ levels: [{ experts }, { experts: mlp([5, 2], { dropout: 0, norm: 'none' }) }] }),
    { model: 'ple', expert_out_dims: [[4], [5, 2]], num_task_experts: 1, num_shared_experts: 1 },
  ],
  ['PLE without task experts', ple({ levels: [{ experts, perTask: 0 }] }), { model: 'ple', num_task_experts: [0, 0] }],
  ['MMoE', mmoe({ levels: [{ experts, pool: 3 }] }), { model: 'mmoe', num_shared_experts: 3 }],
  [
    'MMoE with deep gates',
    mmoe({ levels: [{ experts, pool: 3, gate: softmaxGate({ reads: 'raw', hidden: [2] }) }] }),
    { gate_archs: [[2]] },
  ],
  ['cross-stitch', crossStitch({ levels: [{ experts }] }), { model: 'cross_st' }],
  ['shared-bottom', sharedBottom({ levels: [{ experts }] }), { model: 'share_bottom' }],
])('%s that was built here has a state dict there', (_, network, fields) => {
  const model = build(network);
  const configuration = configurationOf(model);
  expect(configuration).toMatchObject({ input_dim: 3, num_tasks: 2, task_mlp: [3], ...fields });
  const again = fromReference(configuration, toReference(model));
  expect(bitsOf(toReference(again))).toEqual(bitsOf(toReference(model)));
  const x = [0.3, -1, 2];
  expect([...again.predict([{ x }])['task1']!]).toEqual([...model.predict([{ x }])['b']!]);
  for (const each of [model, again]) each.dispose();
});

const gate = softmaxGate({ temperature: 2 });
const { a, b } = { a: binary(), b: multiclass({ classes: ['x', 'y', 'z'] }) };

test.each<[string, () => ReturnType<typeof build>, string]>([
  ['another network', () => build(singleTask({ levels: [{ experts }] })), 'received single-task'],
  ['another expert', () => build(ple({ levels: [{ experts: linearExpert({ units: 3 }) }] })), 'received linear'],
  [
    'several kinds of expert',
    () => build(ple({ levels: [{ experts: [experts, mlp([4])], shared: 2 }] })),
    'Expected mlp([…]) for the experts of level 0',
  ],
  [
    'another activation',
    () => build(ple({ levels: [{ experts: mlp([4], { activation: 'tanh' }) }] })),
    '{"activation":"tanh"}',
  ],
  ['dropout in the tower', () => build(ple({ levels: [{ experts }] }), mlp([3], { dropout: 0.1 })), 'for the tower'],
  ['a gate of its own', () => build(adatt({ levels: [{ experts, gate }] })), "Expected the architecture's own gate"],
  [
    "an MMoE gate on the unit's vector",
    () => build(mmoe({ levels: [{ experts, pool: 2, gate: softmaxGate() }] })),
    "softmaxGate({ reads: 'raw', hidden })",
  ],
  [
    'other numbers at each level',
    () => build(ple({ levels: [{ experts, perTask: 2 }, { experts }] })),
    'the same perTask at every level',
  ],
  [
    'none shared in the last level',
    () => build(adatt({ levels: [{ experts, shared: 1 }, { experts }] })),
    'the same shared at every level',
  ],
  ['PLE without shared experts', () => build(ple({ levels: [{ experts, shared: 0 }] })), 'slice of the last 0 experts'],
  ['uneven AdaTT-sp', () => build(adatt({ levels: [{ experts, perTask: [1, 2] }] })), 'as many experts for each task'],
  [
    'a task of several logits',
    () => build(ple({ levels: [{ experts }] }), undefined, denseSchema(3, { a, b })),
    'multiclass "b"',
  ],
  [
    'members',
    () => multiTaskModel({ ...build(ple({ levels: [{ experts }] })).config, members: 2 }),
    'a model of one member',
  ],
  [
    'embeddings',
    () =>
      build(ple({ levels: [{ experts }] }), undefined, {
        features: { c: { kind: 'categorical', vocabulary: ['x'] } },
        tasks: { a, c: a },
      }),
    'no parameter before the first level',
  ],
])('%s has none', (_, make, message) => {
  const model = make();
  expect(() => toReference(model)).toThrow(message);
  model.dispose();
});
