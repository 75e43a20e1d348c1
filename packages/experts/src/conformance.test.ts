import * as tf from '@tensorflow/tfjs';
import { testExpert, untested, type OptionsFor } from '@polytask/testing';
import type { ExpertSpec } from '@polytask/core';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import {
  crossNetwork,
  factorizationMachine,
  fieldAttention,
  gatedExpert,
  kan,
  layerExpert,
  linearExpert,
  maskNet,
  mixture,
  mlp,
  partitionedNorm,
  passExpert,
  perContext,
  residualMlp,
  sequential,
  siren,
  tokenMixing,
  starExpert,
} from './index.ts';

/** Every expert of the package. A new one is a row here. */
const EXPERTS: readonly (OptionsFor<typeof testExpert> & { spec: ExpertSpec })[] = [
  { name: 'linear', spec: linearExpert({ units: 4 }), outputDim: 4 },
  { name: 'mlp', spec: mlp([5, 2]), outputDim: 2 },
  { name: 'mlp, tanh', spec: mlp([5, 2], { activation: 'tanh' }), outputDim: 2 },
  { name: 'mlp, layer norm', spec: mlp([5, 3], { norm: 'layer', activation: 'gelu' }), outputDim: 3 },
  { name: 'mlp, batch norm', spec: mlp([5, 3], { norm: 'batch', activation: 'elu' }), outputDim: 3 },
  { name: 'mlp, dropout', spec: mlp([5, 3], { dropout: 0.3, activation: 'tanh' }), outputDim: 3 },
  { name: 'cross-network', spec: crossNetwork(), outputDim: 3 },
  { name: 'cross-network, low rank', spec: crossNetwork({ layers: 1, rank: 2 }), outputDim: 3 },
  { name: 'cross-network, gated', spec: crossNetwork({ layers: 1, gated: true }), outputDim: 3 },
  { name: 'factorisation-machine', spec: factorizationMachine({ units: 4, factors: 3 }), outputDim: 4 },
  { name: 'residual-mlp', spec: residualMlp({ units: 4, hidden: 5 }), outputDim: 4 },
  {
    name: 'residual-mlp, smooth',
    spec: residualMlp({ units: 3, blocks: 1, project: false, activation: 'tanh', norm: 'layer' }),
    outputDim: 3,
  },
  { name: 'gated', spec: gatedExpert({ units: 4 }), outputDim: 4 },
  { name: 'gated, swish and hidden', spec: gatedExpert({ units: 2, activation: 'swish', hidden: 5 }), outputDim: 2 },
  { name: 'field-attention', spec: fieldAttention({ fields: 3, heads: 2, units: 2 }), outputDim: 12 },
  { name: 'field-attention, two layers', spec: fieldAttention({ fields: 3, layers: 2, units: 2 }), outputDim: 12 },
  {
    name: 'sequence',
    spec: sequential(crossNetwork({ layers: 1 }), mlp([5, 4], { activation: 'tanh' })),
    outputDim: 4,
  },
  {
    name: 'sequence with a layer that runs one by one',
    spec: sequential(
      passExpert(),
      layerExpert(tf.layers.dense({ units: 4, activation: 'selu' })),
      linearExpert({ units: 2 }),
    ),
    outputDim: 2,
    module: '@tensorflow/tfjs',
  },
  { name: 'siren', spec: siren({ units: [5, 4], omega: 2 }), outputDim: 4 },
  { name: 'kan', spec: kan({ units: [4, 3] }), outputDim: 3 },
  { name: 'kan, quadratic', spec: kan({ units: [2], degree: 2, grid: 3, range: 2 }), outputDim: 2 },
  { name: 'mask-net', spec: maskNet({ units: [5, 4] }), outputDim: 4 },
  { name: 'token-mixing', spec: tokenMixing({ tokens: 3, units: 3, hidden: 4 }), outputDim: 3 },
  { name: 'mixture', spec: mixture({ expert: mlp([4], { activation: 'tanh' }), count: 3 }), outputDim: 4 },
  ...(['none', 'balance', 'attention'] as const).map((others) => ({
    name: `per-context, others: ${others}`,
    spec: perContext({ expert: mlp([4], { activation: 'tanh' }), others }),
    outputDim: others === 'attention' ? 8 : 4,
    context: ['tab'],
  })),
  { name: 'star', spec: starExpert({ units: [5, 4], activation: 'tanh' }), outputDim: 4, context: ['tab'] },
  { name: 'star, clusters', spec: starExpert({ units: [5, 4], activation: 'tanh', clusters: 3 }), outputDim: 4 },
  {
    // On a layer: the context's own columns are constant in a scenario, and their gradients would be rounding.
    name: 'partitioned norm',
    spec: sequential(mlp([4], { activation: 'tanh' }), partitionedNorm()),
    outputDim: 4,
    context: ['tab'],
  },
  {
    name: 'partitioned norm, scale and shift',
    spec: partitionedNorm({ context: 'tab', normalize: false }),
    outputDim: 3,
    context: ['tab', 'device'],
  },
  { name: 'pass', spec: passExpert(), outputDim: 3 },
  {
    name: 'tf-layer, dense',
    spec: layerExpert(tf.layers.dense({ units: 4, activation: 'selu' })),
    outputDim: 4,
    module: '@tensorflow/tfjs', // a new process has no tf.layers of its own
  },
  {
    name: 'tf-layer, sequential',
    spec: layerExpert(
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, inputShape: [3], activation: 'tanh' }),
          tf.layers.batchNormalization(),
          tf.layers.dense({ units: 2 }),
        ],
      }),
    ),
    outputDim: 2,
    module: '@tensorflow/tfjs',
  },
];

runner.it('has a row for every expert of the package', () => {
  runner
    .expect(
      untested(
        'expert',
        EXPERTS.map(({ spec }) => spec),
        ['@polytask/core', '@polytask/experts'],
      ),
    )
    .toEqual([]);
});

EXPERTS.forEach(({ spec, ...options }, row) => testExpert(spec, { ...options, runner: dealt(runner, row) }));
