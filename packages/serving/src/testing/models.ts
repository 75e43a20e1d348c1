import { adatt, adattSp } from '@polytask/adatt';
import {
  adaShare,
  cgc,
  crossStitch,
  ensemble,
  ensembleInput,
  logisticRegression,
  mmoe,
  mtan,
  noFusion,
  oneHot,
  pepnet,
  ple,
  sharedBottom,
  singleTask,
  snrTrans,
  stem,
} from '@polytask/baselines';
import { embed, multiTaskModel, type ModelConfig, type MultiTaskModel, type Tasks } from '@polytask/core';
import { periodic } from '@polytask/core/features';
import { crossNetwork, fieldAttention, gatedExpert, layerExpert, mlp } from '@polytask/experts';
import {
  attentionGate,
  constantGate,
  dselectKGate,
  entmaxGate,
  gumbelGate,
  noisyTopKGate,
  softmaxGate,
  sum,
} from '@polytask/gating';
import * as tf from '@tensorflow/tfjs';
import { mixedSchema, type MixedTasks } from './rows.ts';

type Parts = Omit<ModelConfig<MixedTasks>, 'schema' | 'seed'>;

const level = (width: number) => ({ experts: mlp([width]) });
const tower = mlp([4]);

/** Every architecture, and every option of experts, gates, inputs and towers that changes the graph. */
export const MODELS: Readonly<Record<string, () => Parts>> = {
  adatt: () => ({
    network: adatt({
      levels: [
        { ...level(8), perTask: 2, shared: 1 },
        { ...level(6), perTask: 2, shared: 1 },
      ],
    }),
    tower,
  }),
  'a table that is trained by rows': () => ({
    network: adattSp({ levels: [{ ...level(8), perTask: 1 }] }),
    tower,
    input: embed({ dimension: 5, update: 'sparse' }),
  }),
  'periodic numbers': () => ({
    network: sharedBottom({ levels: [level(8)] }),
    tower,
    input: embed({ dimension: 5, numbers: periodic({ frequencies: 4 }) }),
  }),
  'adatt with one expert a task': () => ({ network: adatt({ levels: [{ ...level(8), shared: 2 }, level(6)] }), tower }),
  adattSp: () => ({
    network: adattSp({
      levels: [
        { ...level(8), perTask: 2 },
        { ...level(6), perTask: [1, 2, 3] },
      ],
    }),
    tower,
  }),
  ple: () => ({
    network: ple({
      levels: [
        { ...level(8), perTask: 2, shared: 1 },
        { ...level(6), perTask: 2, shared: 2 },
      ],
    }),
    tower,
  }),
  cgc: () => ({ network: cgc({ ...level(8), perTask: 2, shared: 2 }), tower }),
  mmoe: () => ({ network: mmoe({ levels: [{ ...level(8), pool: 4 }] }), tower }),
  'multi-level mmoe': () => ({
    network: mmoe({
      levels: [
        { ...level(8), pool: 4 },
        { ...level(6), pool: 3 },
      ],
    }),
    tower,
  }),
  'cross-stitch': () => ({ network: crossStitch({ levels: [level(8), level(6)] }), tower }),
  'shared-bottom': () => ({ network: sharedBottom({ levels: [level(8), level(6)] }), tower }),
  'single-task': () => ({ network: singleTask({ levels: [level(8), level(6)] }), tower }),
  'logistic regression': () => logisticRegression(),
  'towers on the features': () => ({ network: noFusion(), input: embed({ dimension: 3 }), tower: mlp([5, 4]) }),
  'no tower': () => ({ network: ple({ levels: [{ ...level(8), perTask: 2 }] }) }),
  'layers with norms': () => ({
    network: adattSp({
      levels: [
        { experts: mlp([8, 7], { norm: 'batch', activation: 'gelu', dropout: 0.2 }), perTask: 2 },
        { experts: mlp([6], { norm: 'layer', activation: 'softplus' }), perTask: 2 },
      ],
    }),
    tower: mlp([4], { norm: 'batch', activation: 'swish' }),
  }),
  'experts of several kinds': () => ({
    network: ple({
      levels: [
        {
          experts: [mlp([8], { activation: 'elu' }), layerExpert(tf.layers.dense({ units: 8, activation: 'selu' }))],
          perTask: 2,
        },
      ],
    }),
    tower,
  }),
  'gates of several kinds': () => ({
    network: adattSp({
      levels: [
        { ...level(8), perTask: 2, gate: softmaxGate({ hidden: [5], temperature: 2, activation: 'leakyRelu' }) },
        { ...level(6), gate: sum(softmaxGate({ reads: 'raw', bias: false }), constantGate({ init: 'even' })) },
      ],
    }),
    tower,
  }),
  'weights by feature': () => ({
    network: pepnet({ levels: [level(8), level(6)], domain: ['state'], prior: ['device', 'genres'], hidden: 5 }),
    tower,
  }),
  'masks on what is shared': () => ({ network: mtan({ levels: [level(8), level(6)], hidden: 5 }), tower }),
  'closed connections': () => ({
    network: snrTrans({
      levels: [
        { ...level(8), pool: 3 },
        { ...level(6), pool: 2 },
      ],
    }),
    tower,
  }),
  'tied experts': () => ({ network: adaShare({ encoder: mlp([6]), experts: mlp([6]), blocks: 2 }), tower }),
  'rotations of what heads read': () => ({
    network: sharedBottom({ levels: [level(8), level(6)] }),
    tower,
    rotations: {},
  }),
  'rotations of a few features': () => ({
    network: mmoe({ levels: [{ ...level(8), pool: 4 }] }),
    tower,
    rotations: { size: 3 },
  }),
  'inputs of their own': () => ({ network: stem({ levels: [level(8)] }), tower }),
  'networks side by side': () => ({
    network: ensemble({
      members: [
        {
          network: mmoe({
            levels: [
              { ...level(8), pool: 3 },
              { ...level(6), pool: 2 },
            ],
          }),
          tower: mlp([4], { norm: 'batch' }),
        },
        { network: adatt({ levels: [{ ...level(5), shared: 1 }] }) },
        { network: noFusion() },
      ],
    }),
    input: ensembleInput({ members: [embed({ dimension: 3 }), embed({ dimension: 5 }), oneHot()] }),
  }),
  members: () => ({
    network: adatt({
      levels: [
        { experts: mlp([8, 7], { norm: 'batch' }), perTask: 2, shared: 1 },
        { ...level(6), perTask: 2 },
      ],
    }),
    tower,
    members: 3,
  }),
  'members with tied experts': () => ({
    network: adaShare({ encoder: mlp([6]), experts: mlp([6]), blocks: 2 }),
    tower,
    members: 3,
  }),
  'sparse gates': () => ({
    network: adattSp({
      levels: [
        { ...level(8), perTask: 2, gate: noisyTopKGate({ k: 2 }) },
        { ...level(6), gate: sum(entmaxGate(), dselectKGate({ reads: 'raw' })) },
      ],
    }),
    tower,
  }),
  'gates that choose and attend': () => ({
    network: adattSp({
      levels: [
        { ...level(8), perTask: 2, gate: gumbelGate() },
        { ...level(6), gate: attentionGate() },
      ],
    }),
    tower,
  }),
  'products and fields': () => ({
    network: singleTask({ levels: [{ experts: crossNetwork() }, { experts: gatedExpert({ units: 6 }) }] }),
    tower: fieldAttention({ fields: 3, units: 2 }),
  }),
};

export const mixedModel = (parts: Parts): MultiTaskModel<MixedTasks> =>
  multiTaskModel({ schema: mixedSchema, seed: 7, ...parts });

/** Changes all parameters and statistics at random, as training would. */
export function trained<T extends Tasks>(model: MultiTaskModel<T>): MultiTaskModel<T> {
  tf.tidy(() => {
    for (const { name, variable } of model.store.all()) {
      const noise = tf.randomUniform(variable.shape, 0, 0.5, 'float32', name.length);
      variable.assign(name.endsWith('variance') ? tf.add(variable, noise) : tf.add(variable, tf.sub(noise, 0.25)));
    }
  });
  return model;
}
