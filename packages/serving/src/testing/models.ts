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
import {
  embed,
  multiTaskModel,
  type EmbedOptions,
  type ModelDeclaration,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
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
  sumGate,
} from '@polytask/gating';
import * as tf from '@tensorflow/tfjs';
import { mixedSchema, type MixedTasks } from './rows.ts';

type Parts = Omit<ModelDeclaration<MixedTasks>, 'schema' | 'seed'>;

const level = <More extends object>(width: number, more: More = {} as More) => ({ experts: mlp([width]), ...more });
const tower = mlp([4]);

const withTowers =
  (network: () => Parts['network'], more: Partial<Parts> = {}) =>
  (): Parts => ({ network: network(), tower, ...more });

const embedded = (config: EmbedOptions): Partial<Parts> => ({ input: embed({ dimension: 5, ...config }) });
const tied = () => adaShare({ encoder: mlp([6]), experts: mlp([6]), blocks: 2 });
const two = [level(8), level(6)];

/** Every architecture, and every option of experts, gates, inputs and towers that changes the graph. */
export const MODELS: Readonly<Record<string, () => Parts>> = {
  adatt: withTowers(() => adatt({ levels: [8, 6].map((width) => level(width, { perTask: 2, shared: 1 })) })),
  'a table with sparse updates': withTowers(
    () => adattSp({ levels: [level(8, { perTask: 1 })] }),
    embedded({ update: 'sparse' }),
  ),
  'periodic numbers': withTowers(
    () => sharedBottom({ levels: [level(8)] }),
    embedded({ numbers: periodic({ frequencies: 4 }) }),
  ),
  'adatt with one expert a task': withTowers(() => adatt({ levels: [level(8, { shared: 2 }), level(6)] })),
  adattSp: withTowers(() => adattSp({ levels: [level(8, { perTask: 2 }), level(6, { perTask: [1, 2, 3] })] })),
  ple: withTowers(() => ple({ levels: [level(8, { perTask: 2, shared: 1 }), level(6, { perTask: 2, shared: 2 })] })),
  cgc: withTowers(() => cgc(level(8, { perTask: 2, shared: 2 }))),
  mmoe: withTowers(() => mmoe({ levels: [level(8, { pool: 4 })] })),
  'multi-level mmoe': withTowers(() => mmoe({ levels: [level(8, { pool: 4 }), level(6, { pool: 3 })] })),
  'cross-stitch': withTowers(() => crossStitch({ levels: two })),
  'shared-bottom': withTowers(() => sharedBottom({ levels: two })),
  'single-task': withTowers(() => singleTask({ levels: two })),
  'logistic regression': () => logisticRegression(),
  'towers on the features': withTowers(noFusion, { input: embed({ dimension: 3 }), tower: mlp([5, 4]) }),
  'no tower': () => ({ network: ple({ levels: [level(8, { perTask: 2 })] }) }),
  'layers with norms': () => ({
    network: adattSp({
      levels: [
        { experts: mlp([8, 7], { norm: 'batch', activation: 'gelu', dropout: 0.2 }), perTask: 2 },
        { experts: mlp([6], { norm: 'layer', activation: 'softplus' }), perTask: 2 },
      ],
    }),
    tower: mlp([4], { norm: 'batch', activation: 'swish' }),
  }),
  'experts of several kinds': withTowers(() => {
    const keras = layerExpert(tf.layers.dense({ units: 8, activation: 'selu' }));
    return ple({ levels: [{ experts: [mlp([8], { activation: 'elu' }), keras], perTask: 2 }] });
  }),
  'gates of several kinds': withTowers(() => {
    const gate = softmaxGate({ hidden: [5], temperature: 2, activation: 'leakyRelu' });
    const both = sumGate(softmaxGate({ reads: 'raw', bias: false }), constantGate({ start: 'even' }));
    return adattSp({ levels: [level(8, { perTask: 2, gate }), level(6, { gate: both })] });
  }),
  'weights by feature': withTowers(() =>
    pepnet({ levels: two, domain: ['state'], prior: ['device', 'genres'], hidden: 5 }),
  ),
  'masks on what is shared': withTowers(() => mtan({ levels: two, hidden: 5 })),
  'closed connections': withTowers(() => snrTrans({ levels: [level(8, { pool: 3 }), level(6, { pool: 2 })] })),
  'tied experts': withTowers(tied),
  'rotations of what heads read': withTowers(() => sharedBottom({ levels: two }), { rotations: {} }),
  'rotations of a few features': withTowers(() => mmoe({ levels: [level(8, { pool: 4 })] }), {
    rotations: { size: 3 },
  }),
  'inputs of their own': withTowers(() => stem({ levels: [level(8)] })),
  'networks side by side': () => ({
    network: ensemble({
      members: [
        {
          network: mmoe({ levels: [level(8, { pool: 3 }), level(6, { pool: 2 })] }),
          tower: mlp([4], { norm: 'batch' }),
        },
        { network: adatt({ levels: [level(5, { shared: 1 })] }) },
        { network: noFusion() },
      ],
    }),
    input: ensembleInput({ members: [embed({ dimension: 3 }), embed({ dimension: 5 }), oneHot()] }),
  }),
  members: withTowers(
    () => {
      const first = { experts: mlp([8, 7], { norm: 'batch' }), perTask: 2, shared: 1 };
      return adatt({ levels: [first, level(6, { perTask: 2 })] });
    },
    { members: 3 },
  ),
  'members with tied experts': withTowers(tied, { members: 3 }),
  'sparse gates': withTowers(() => {
    const both = sumGate(entmaxGate(), dselectKGate({ reads: 'raw' }));
    return adattSp({ levels: [level(8, { perTask: 2, gate: noisyTopKGate({ k: 2 }) }), level(6, { gate: both })] });
  }),
  'gates that choose and attend': withTowers(() =>
    adattSp({ levels: [level(8, { perTask: 2, gate: gumbelGate() }), level(6, { gate: attentionGate() })] }),
  ),
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
